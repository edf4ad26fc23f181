import { describe, expect, it } from 'vitest'
import {
  alreadyExists,
  badRequest,
  conflict,
  expired,
  forbidden,
  internalError,
  invalid,
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isInvalid,
  isNamespaceTerminating,
  isNotFound,
  isTimeout,
  methodNotAllowed,
  notFound,
  preconditionFailed,
  resourceNotFound,
  StatusError,
  tooLargeResourceVersion,
  unauthorized,
  unknownError,
  unprocessable,
  unsupportedMediaType,
} from '#kit/status-error'

const pods = { kind: 'Pod', group: '', resource: 'pods' }
const replicaSets = { kind: 'ReplicaSet', group: 'apps', resource: 'replicasets' }
const common = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }

describe('the Status of a refusal', () => {
  // As a control plane of Kubernetes 1.26 answered.
  it.each([
    [
      notFound(pods, 'nope'),
      {
        message: 'pods "nope" not found',
        reason: 'NotFound',
        details: { name: 'nope', kind: 'pods' },
        code: 404,
      },
    ],
    [
      alreadyExists(replicaSets, 'a'),
      {
        message: 'replicasets.apps "a" already exists',
        reason: 'AlreadyExists',
        details: { name: 'a', group: 'apps', kind: 'replicasets' },
        code: 409,
      },
    ],
    [
      conflict(pods, 'a'),
      {
        message:
          'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the latest version and try again',
        reason: 'Conflict',
        details: { name: 'a', kind: 'pods' },
        code: 409,
      },
    ],
    [
      preconditionFailed(pods, 'a', 'why'),
      {
        message: 'Operation cannot be fulfilled on Pod "a": why',
        reason: 'Conflict',
        details: { name: 'a', kind: 'Pod' },
        code: 409,
      },
    ],
    [
      forbidden(pods, '', 'no'),
      { message: 'pods is forbidden: no', reason: 'Forbidden', details: { kind: 'pods' }, code: 403 },
    ],
    [
      tooLargeResourceVersion('99999999', '296'),
      {
        message: 'Timeout: Too large resource version: 99999999, current: 296',
        reason: 'Timeout',
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
        code: 504,
      },
    ],
    [badRequest('no'), { message: 'no', reason: 'BadRequest', code: 400 }],
    [unauthorized(), { message: 'Unauthorized', reason: 'Unauthorized', code: 401 }],
    [unknownError('no'), { message: 'no', code: 500 }],
    [
      internalError('no'),
      {
        message: 'Internal error occurred: no',
        reason: 'InternalError',
        details: { causes: [{ message: 'no' }] },
        code: 500,
      },
    ],
    [
      methodNotAllowed(),
      {
        message: 'the server does not allow this method on the requested resource',
        reason: 'MethodNotAllowed',
        details: {},
        code: 405,
      },
    ],
    [
      resourceNotFound(),
      {
        message: 'the server could not find the requested resource',
        reason: 'NotFound',
        details: {},
        code: 404,
      },
    ],
    [
      unprocessable(),
      {
        message: 'the server rejected our request due to an error in our request',
        reason: 'Invalid',
        details: {},
        code: 422,
      },
    ],
    [
      unsupportedMediaType(),
      {
        message: '415: Unsupported Media Type',
        reason: 'UnsupportedMediaType',
        details: {},
        code: 415,
      },
    ],
  ])('is the one of Kubernetes: %s', (error, rest) => {
    expect(error.status).toStrictEqual({ ...common, ...rest })
    expect(error.message).toBe(rest.message)
  })

  it('lists several causes in brackets, says the same one once, and keeps them all', () => {
    const a = { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' }
    const b = { ...a, field: 'spec.b' }
    expect(invalid(replicaSets, 'r', [a]).status.message).toBe(
      'ReplicaSet.apps "r" is invalid: spec.a: Required value',
    )
    const error = invalid(replicaSets, 'r', [a, b, b])
    expect(error.status.message).toBe(
      'ReplicaSet.apps "r" is invalid: [spec.a: Required value, spec.b: Required value]',
    )
    expect(error.status.details).toStrictEqual({
      name: 'r',
      group: 'apps',
      kind: 'ReplicaSet',
      causes: [a, b, b],
    })
    expect(invalid(pods, '', [a, a]).status).toMatchObject({
      message: 'Pod "" is invalid: spec.a: Required value',
      details: { kind: 'Pod', causes: [a, a] },
    })
  })
})

describe('the predicates', () => {
  it('know their own reason and no other', () => {
    expect(isNotFound(notFound(pods, 'a'))).toBe(true)
    expect(isNotFound(conflict(pods, 'a'))).toBe(false)
    expect(isConflict(conflict(pods, 'a'))).toBe(true)
    expect(isConflict(alreadyExists(pods, 'a'))).toBe(false)
    expect(isAlreadyExists(alreadyExists(pods, 'a'))).toBe(true)
    expect(isAlreadyExists(conflict(pods, 'a'))).toBe(false)
    expect(isInvalid(invalid(pods, 'a', []))).toBe(true)
    expect(isForbidden(forbidden(pods, 'a', 'no'))).toBe(true)
    expect(isExpired(expired('too old'))).toBe(true)
    expect(isTimeout(tooLargeResourceVersion(2, 1))).toBe(true)
  })

  it('go by the code where there is no reason', () => {
    expect(isNotFound(new StatusError({ code: 404, message: 'gone' }))).toBe(true)
    expect(isAlreadyExists(new StatusError({ code: 409, message: 'there' }))).toBe(false)
  })

  it('know a Status on an error of another class', () => {
    const foreign = Object.assign(new Error('no'), { status: { reason: 'NotFound', code: 404 } })
    expect(isNotFound(foreign)).toBe(true)
    expect(isConflict(foreign)).toBe(false)
  })

  it('say no to everything else', () => {
    for (const value of [
      undefined,
      null,
      404,
      'NotFound',
      {},
      new Error('NotFound'),
      { status: { code: 404 } },
    ]) {
      expect(isNotFound(value)).toBe(false)
    }
  })

  it('tell a namespace that is being deleted from what is not allowed', () => {
    const cause = { reason: 'NamespaceTerminating', message: 'no', field: 'metadata.namespace' }
    expect(isNamespaceTerminating(forbidden(pods, 'a', 'no', [cause]))).toBe(true)
    expect(isNamespaceTerminating(forbidden(pods, 'a', 'no'))).toBe(false)
  })
})
