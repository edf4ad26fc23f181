import type { Event as EventDraft } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { nameColumn, since, textColumn } from '#kit/api/columns'
import { invalidValue, invalidValues, required } from '#kit/api/field-cause'
import type { Column, KindRow } from '#kit/api/kind-table'
import type { ObjectOf } from '#kit/api/kinds'
import { metadataShape, validateMetadata } from '#kit/api/object-meta'
import { plainKind, shaped } from '#kit/api/plain-kind'
import type { Shape } from '#kit/api/shape'
import { dnsSubdomainProblems, qualifiedNameProblems } from '#kit/names'

type Event = ObjectOf<'Event'>

const reference: Shape = {
  apiVersion: 'string',
  kind: 'string',
  namespace: 'string',
  name: 'string',
  uid: 'string',
  resourceVersion: 'string',
  fieldPath: 'string',
}

/** Events: what happened to an object, for people to read. */
export const event: KindRow<'Event'> = shaped(
  {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape,
    involvedObject: reference,
    related: reference,
    reason: 'string',
    message: 'string',
    type: 'string',
    action: 'string',
    count: 'integer',
    eventTime: 'string',
    firstTimestamp: 'string',
    lastTimestamp: 'string',
    reportingComponent: 'string',
    reportingInstance: 'string',
    series: { count: 'integer', lastObservedTime: 'string' },
    source: { component: 'string', host: 'string' },
  },
  {
    ...plainKind,
    kind: 'Event',
    group: '',
    version: 'v1',
    resource: 'events',
    singular: 'event',
    shortNames: ['ev'],
    selectableFields: {
      'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
      'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
      'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
      'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
      'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
      'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
      'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
      reason: ({ reason }) => reason ?? '',
      reportingComponent: ({ reportingComponent }) => reportingComponent ?? '',
      source: ({ source, reportingComponent }) => source?.component || reportingComponent || '',
      type: ({ type }) => type ?? '',
    },
    columns: eventColumns(),
    defaults: (draft) => ({
      ...draft,
      involvedObject: draft.involvedObject ?? {},
      source: draft.source ?? {},
      reportingComponent: draft.reportingComponent ?? '',
      reportingInstance: draft.reportingInstance ?? '',
    }),
    validate: (object) => [
      ...validateMetadata(object.metadata, { namespaced: true, nameProblems: dnsSubdomainProblems }),
      ...validateNamespaces(object),
      ...(object.eventTime ? validateReport(object) : []),
    ],
  },
)

function validateNamespaces({ metadata, involvedObject, eventTime }: EventDraft): StatusCause[] {
  const own = metadata?.namespace ?? ''
  const other = involvedObject?.namespace ?? ''
  // What is in no namespace itself has its events in `default`.
  const outside = eventTime ? ['default', 'kube-system'] : ['', 'default']
  if (other ? eventTime || own === other : outside.includes(own)) return []
  return [invalidValue('involvedObject.namespace', other, 'does not match event.namespace')]
}

/** What events with an `eventTime` have to say besides. */
function validateReport(object: EventDraft): StatusCause[] {
  const { reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = object
  const text = (field: string, value: string, most: number, needed = true): StatusCause[] => {
    if (!value) return needed ? [required(field)] : []
    return value.length > most ? [invalidValue(field, '', `can have at most ${most} characters`)] : []
  }
  return [
    ...(reportingComponent ? [] : [required('reportingController')]),
    ...invalidValues('reportingController', reportingComponent, qualifiedNameProblems(reportingComponent)),
    ...text('reportingInstance', reportingInstance, 128),
    ...text('action', action, 128),
    ...text('reason', reason, 128),
    ...text('message', message, 1024, false),
  ]
}

function eventColumns(): readonly Column<Event>[] {
  const first = ({ firstTimestamp, eventTime }: Event) => firstTimestamp || eventTime
  const last = (object: Event) => object.series?.lastObservedTime || object.lastTimestamp || first(object)
  return [
    textColumn('Last Seen', 'How long ago it last happened.', (object, nowMs) => since(last(object), nowMs)),
    textColumn('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
    textColumn('Reason', 'What happened, in a word.', ({ reason }) => reason ?? ''),
    textColumn('Object', 'What it happened to.', ({ involvedObject: { kind = '', name } }) =>
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
    ),
    textColumn(
      'Subobject',
      'The part of the object.',
      ({ involvedObject }) => involvedObject.fieldPath ?? '',
      1,
    ),
    textColumn('Source', 'Who says so.', source, 1),
    textColumn('Message', 'What happened, in a sentence.', ({ message }) => (message ?? '').trim()),
    textColumn(
      'First Seen',
      'How long ago it first happened.',
      (object, nowMs) => since(first(object), nowMs),
      1,
    ),
    {
      name: 'Count',
      type: 'integer',
      description: 'How often it happened.',
      priority: 1,
      value: ({ series, count }) => series?.count ?? (count || 1),
    },
    { ...nameColumn, priority: 1 },
  ]
}

function source({ source: from, reportingComponent, reportingInstance }: Event): string {
  const component = from?.component || reportingComponent || ''
  const instance = from?.host || reportingInstance
  return instance ? `${component}, ${instance}` : component
}
