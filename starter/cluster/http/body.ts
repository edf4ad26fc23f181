import type { IncomingMessage } from 'node:http'
import { badRequest, requestEntityTooLarge, unsupportedMediaType } from '#kit/status-error'

/** The largest body that is read, in bytes. */
const BODY_LIMIT_BYTES = 3 * 2 ** 20
/** The largest body in YAML, in bytes: while one is parsed, which takes a second or so, nobody else is served. */
const YAML_LIMIT_BYTES = 2 ** 17
/** How deep a body may be nested: what is stored is copied by calling oneself. */
const MAX_DEPTH = 500

const JSON_TYPE = 'application/json'
const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml']
const OBJECT_TYPES = [JSON_TYPE, 'application/yaml']
/** What typed clients send. */
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'

/** A body that could not be parsed. The message is Go's. */
export class ParseError extends Error {
  override readonly name = 'ParseError'
}

/**
 * Reads a whole body.
 *
 * @throws {StatusError} RequestEntityTooLarge (413)
 */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = requestEntityTooLarge(`limit is ${BODY_LIMIT_BYTES}`)
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw tooLarge
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT_BYTES) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Reads a whole body that is a text.
 *
 * @throws {StatusError} RequestEntityTooLarge (413)
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8')
}

/** The media type of a body, without its parameters; JSON where nothing is said. */
export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? JSON_TYPE).split(';')[0]?.trim().toLowerCase() || JSON_TYPE
}

/** Whether a body of this type is JSON rather than YAML. */
export function isJson(mediaType: string): boolean {
  return !YAML_TYPES.includes(mediaType)
}

/**
 * Says why a body that is no object cannot be read.
 *
 * @throws {StatusError} UnsupportedMediaType (415) if it is neither JSON nor YAML
 */
export function requireObjectType(mediaType: string): void {
  if (mediaType === JSON_TYPE || !isJson(mediaType)) return
  const refusal = unsupportedMediaType(OBJECT_TYPES)
  if (mediaType === PROTOBUF_TYPE) {
    refusal.status.message =
      'this server does not read protobuf, which kubectl sends for some commands, such as create configmap; ' +
      'write the object to a file first: kubectl create … --dry-run=client -o yaml > object.yaml, ' +
      'then kubectl apply -f object.yaml'
  }
  throw refusal
}

/**
 * Parses JSON or YAML.
 *
 * @throws {ParseError} with Go's message
 * @throws {StatusError} RequestEntityTooLarge (413) for long YAML
 */
export async function parse(text: string, mediaType: string): Promise<unknown> {
  const value = isJson(mediaType) ? parseJson(text) : await parseYaml(text)
  if (isDeep(value, MAX_DEPTH)) throw new ParseError('exceeded max depth')
  return value
}

/**
 * Parses JSON that has no kind of its own: a patch.
 *
 * @throws {StatusError} BadRequest (400)
 */
export async function parsePatch(text: string): Promise<unknown> {
  try {
    return await parse(text, JSON_TYPE)
  } catch (error) {
    if (error instanceof ParseError) throw badRequest(error.message)
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ParseError(inWordsOfGo(error instanceof Error ? error.message : '', text), { cause: error })
  }
}

async function parseYaml(text: string): Promise<unknown> {
  if (Buffer.byteLength(text) > YAML_LIMIT_BYTES)
    throw requestEntityTooLarge(`limit is ${YAML_LIMIT_BYTES} for YAML`)
  const { parse, YAMLParseError } = await import('yaml')
  try {
    // Pretty errors are worked out for each, and there may be as many as there are characters.
    return parse(text, { uniqueKeys: false, logLevel: 'error', prettyErrors: false })
  } catch (error) {
    const isPlaced = error instanceof YAMLParseError
    const line = isPlaced ? `line ${text.slice(0, error.pos[0]).split('\n').length}: ` : ''
    const why = error instanceof Error ? error.message : ''
    throw new ParseError(`error converting YAML to JSON: yaml: ${line}${why}`, { cause: error })
  }
}

function inWordsOfGo(message: string, text: string): string {
  if (text.trim() === '' || /Unexpected end|Unterminated/.test(message)) return 'unexpected end of JSON input'
  const position = /at position (\d+)/.exec(message)?.[1]
  const character = /Unexpected token '(.)'/su.exec(message)?.[1] ?? (position && text[Number(position)])
  if (!character) return 'unexpected end of JSON input'
  return `invalid character '${character}' looking for beginning of value`
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => isDeep(each, levels - 1))
}
