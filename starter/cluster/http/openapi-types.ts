import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix } from 'node:path'
import type ts from 'typescript'

/** What stands at one place of an object, in the words of OpenAPI 3.0 as kube-apiserver uses them. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  format?: 'int32' | 'int64' | 'date-time' | 'int-or-string' | 'quantity'
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  /** The values of a map. */
  additionalProperties?: Schema
  items?: Schema
  /** The one type that a field has, beside its own description. */
  allOf?: [Schema]
  $ref?: string
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
  'x-kubernetes-patch-merge-key'?: string
  'x-kubernetes-patch-strategy'?: 'merge'
}

/** Where a `$ref` leads. */
export const REF = '#/components/schemas/'

/** A name of kubernetes-types: the file, without its ending, and the declaration in it. */
interface TypeName {
  file: string
  name: string
}

/** Declarations by their name in the file. */
type Declarations = ReadonlyMap<string, Schema>

/** Go keeps these in 64 bits and all other numbers in 32; TypeScript has one word for both. */
const INT64 =
  /^(generation|observedGeneration|revision|remainingItemCount|sizeBytes|runAsUser|runAsGroup|fsGroup|supplementalGroups|(terminationGracePeriod|deletionGracePeriod|gracePeriod|activeDeadline|startingDeadline|toleration|expiration)Seconds)$/

/** What kubernetes-types declares in a way that says less than is known. */
const KNOWN: Readonly<Record<string, Schema>> = {
  'api/resource.Quantity': { type: 'string', format: 'quantity' },
  'meta/v1.Time': { type: 'string', format: 'date-time' },
  'meta/v1.MicroTime': { type: 'string', format: 'date-time' },
}

/**
 * The schemas of Kubernetes' types, read from the declarations of kubernetes-types: names, types and
 * descriptions of the fields. Each file is read once, when it is first needed.
 */
export class OpenApiTypes {
  readonly #ts: typeof ts
  readonly #files = new Map<string, Declarations>()
  readonly #root = dirname(createRequire(import.meta.url).resolve('kubernetes-types/package.json'))

  /** @param compiler TypeScript's compiler, which takes a moment to load: that is the caller's to choose */
  constructor(compiler: typeof ts) {
    this.#ts = compiler
  }

  /**
   * A declaration and everything that it refers to, by OpenAPI name, such as `io.k8s.api.core.v1.Pod`. What it
   * returns is the caller's own.
   *
   * @param file such as `apps/v1`
   */
  closure(file: string, name: string): Map<string, Schema> {
    const found = new Map<string, Schema>()
    const open: TypeName[] = [{ file, name }]
    for (let next = open.pop(); next; next = open.pop()) {
      const key = openApiName(next)
      if (found.has(key)) continue
      const schema = this.#declarations(next.file).get(next.name)
      if (!schema) throw new Error(`kubernetes-types declares no ${next.name} in ${next.file}.d.ts`)
      found.set(key, structuredClone(schema))
      open.push(...referencesIn(schema))
    }
    return found
  }

  #declarations(file: string): Declarations {
    const known = this.#files.get(file)
    if (known) return known
    const text = readFileSync(join(this.#root, `${file}.d.ts`), 'utf8')
    const source = this.#ts.createSourceFile(`${file}.d.ts`, text, this.#ts.ScriptTarget.ES2022)
    const declarations = this.#read(source, file)
    this.#files.set(file, declarations)
    return declarations
  }

  #read(source: ts.SourceFile, file: string): Declarations {
    const { isImportDeclaration, isNamedImports, isInterfaceDeclaration, isTypeAliasDeclaration } = this.#ts
    const imported = new Map<string, string>()
    const declarations = new Map<string, Schema>()
    for (const statement of source.statements) {
      if (isImportDeclaration(statement)) {
        const bindings = statement.importClause?.namedBindings
        const from = this.#textOf(statement.moduleSpecifier, source).slice(1, -1)
        if (!bindings || !isNamedImports(bindings)) continue
        for (const { name } of bindings.elements)
          imported.set(name.text, posix.join(posix.dirname(file), from))
      }
    }
    const read = (type: ts.TypeNode, field: string): Schema =>
      this.#typeOf(type, field, (name) => ({ file: imported.get(name) ?? file, name }))
    for (const statement of source.statements) {
      if (!isInterfaceDeclaration(statement) && !isTypeAliasDeclaration(statement)) continue
      const name = statement.name.text
      const known = KNOWN[`${file}.${name}`]
      const schema = known ?? (isInterfaceDeclaration(statement) ? this.#struct(statement.members, read) : {})
      declarations.set(name, { description: this.#description(statement, source), ...schema })
    }
    return declarations
  }

  #struct(members: ts.NodeArray<ts.TypeElement>, read: (type: ts.TypeNode, field: string) => Schema): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const member of members) {
      if (!this.#ts.isPropertySignature(member) || !member.type) continue
      const { name } = member
      if (!this.#ts.isIdentifier(name) && !this.#ts.isStringLiteral(name)) continue
      properties[name.text] = {
        description: this.#description(member, member.getSourceFile()),
        ...read(member.type, name.text),
      }
      if (!member.questionToken) required.push(name.text)
    }
    // Nothing is said about the inside of what has no fields: any JSON may stand there.
    if (Object.keys(properties).length === 0) return { type: 'object' }
    return { type: 'object', properties, ...(required.length > 0 && { required }) }
  }

  #typeOf(type: ts.TypeNode, field: string, resolve: (name: string) => TypeName): Schema {
    const { SyntaxKind, isTypeReferenceNode, isIdentifier, isTypeLiteralNode, isIndexSignatureDeclaration } =
      this.#ts
    if (isTypeReferenceNode(type) && isIdentifier(type.typeName)) {
      const [of] = type.typeArguments ?? []
      if (of) return { type: 'array', items: this.#typeOf(of, field, resolve) }
      return { allOf: [{ $ref: REF + openApiName(resolve(type.typeName.text)) }] }
    }
    if (isTypeLiteralNode(type)) {
      const [member] = type.members
      const values = member && isIndexSignatureDeclaration(member) ? member.type : undefined
      return values
        ? { type: 'object', additionalProperties: this.#typeOf(values, field, resolve) }
        : { type: 'object' }
    }
    if (type.kind === SyntaxKind.NumberKeyword)
      return { type: 'integer', format: INT64.test(field) ? 'int64' : 'int32' }
    if (type.kind === SyntaxKind.BooleanKeyword) return { type: 'boolean' }
    // `number | string` is the only union; literal types are the names of versions and kinds.
    if (type.kind === SyntaxKind.UnionType) return { type: 'string', format: 'int-or-string' }
    return { type: 'string' }
  }

  #description(node: ts.Node, source: ts.SourceFile): string {
    const comment = this.#ts.getLeadingCommentRanges(source.text, node.pos)?.at(-1)
    if (!comment) return ''
    return source.text
      .slice(comment.pos, comment.end)
      .replace(/^\/\*\*\s?|\s*\*\/$/g, '')
      .replace(/^\s*\* ?/gm, '')
      .trim()
  }

  #textOf(node: ts.Node, source: ts.SourceFile): string {
    return source.text.slice(node.pos, node.end).trim()
  }
}

/** `core/v1` and `Pod` are `io.k8s.api.core.v1.Pod`; what all groups share is in apimachinery. */
export function openApiName({ file, name }: TypeName): string {
  const folder = file.replaceAll('/', '.')
  const shared = /^(meta\/|api\/|runtime$)/.test(file)
  const above = file.startsWith('meta/') ? 'apis.' : ''
  return shared ? `io.k8s.apimachinery.pkg.${above}${folder}.${name}` : `io.k8s.api.${folder}.${name}`
}

/** The names that a schema refers to, back in the words of kubernetes-types. */
function referencesIn(schema: Schema): TypeName[] {
  const own = schema.$ref ? [typeName(schema.$ref.slice(REF.length))] : []
  const inside = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.allOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ]
  return [...own, ...inside.flatMap(referencesIn)]
}

function typeName(openApi: string): TypeName {
  const path = openApi.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.(apis\.)?)/, '').split('.')
  const name = path.pop() ?? ''
  return { file: path.join('/'), name }
}
