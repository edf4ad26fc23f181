/**
 * The rules for a pod's volumes.
 *
 * Mirrors: `ValidateVolumes` of kubernetes/pkg/apis/core/validation
 * Simplified: the sources that the course does not teach are not looked into.
 */
import type { KeyToPath, Volume } from 'kubernetes-types/core/v1'
import type { StatusCause } from 'kubernetes-types/meta/v1'
import { validateRelativePath } from '#kit/api/container-validation'
import { duplicate, forbiddenField, invalidValue, invalidValues, required } from '#kit/api/field-cause'
import { dnsLabelProblems } from '#kit/names'

/** What is wrong with a pod's volumes. */
export function validateVolumes(volumes: readonly Volume[], field: string): StatusCause[] {
  const names = new Set<string>()
  return volumes.flatMap((volume, index) => {
    const at = `${field}[${index}]`
    const { name } = volume
    const causes = validateSource(volume, at)
    if (!name) causes.push(required(`${at}.name`))
    else causes.push(...invalidValues(`${at}.name`, name, dnsLabelProblems(name)))
    if (name && names.has(name)) causes.push(duplicate(`${at}.name`, name))
    names.add(name)
    return causes
  })
}

function validateSource(volume: Volume, at: string): StatusCause[] {
  const { name: _, ...sources } = volume
  const [type, ...others] = Object.keys(sources)
  if (type === undefined) return [required(at, 'must specify a volume type')]
  const causes = others.map((other) =>
    forbiddenField(`${at}.${other}`, 'may not specify more than 1 volume type'),
  )
  const needs = (value: string | undefined, part: string) => {
    if (!value) causes.push(required(`${at}.${part}`))
  }
  const { hostPath, configMap, secret, persistentVolumeClaim, projected, downwardAPI } = volume
  if (hostPath) needs(hostPath.path, 'hostPath.path')
  if (persistentVolumeClaim) needs(persistentVolumeClaim.claimName, 'persistentVolumeClaim.claimName')
  if (configMap) {
    needs(configMap.name, 'configMap.name')
    causes.push(...validateItems(configMap.items ?? [], `${at}.configMap.items`))
  }
  if (secret) {
    needs(secret.secretName, 'secret.secretName')
    causes.push(...validateItems(secret.items ?? [], `${at}.secret.items`))
  }
  for (const [part, source] of Object.entries({ configMap, secret, projected, downwardAPI })) {
    causes.push(...validateMode(source?.defaultMode, `${at}.${part}.defaultMode`))
  }
  return causes
}

function validateItems(items: readonly KeyToPath[], field: string): StatusCause[] {
  return items.flatMap(({ key, path, mode }, index) => {
    const at = `${field}[${index}]`
    return [
      ...(key ? [] : [required(`${at}.key`)]),
      ...(path ? validateRelativePath(path, `${at}.path`) : [required(`${at}.path`)]),
      ...validateMode(mode, `${at}.mode`),
    ]
  })
}

function validateMode(mode: number | undefined, field: string): StatusCause[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return []
  return [invalidValue(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
}
