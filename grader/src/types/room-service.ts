import { existsSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import ts from 'typescript'
import type { TypeProblem } from './type-problem.ts'

/** Where rooms stand for the compiler; there is no such folder. */
const ROOMS = '/rooms/'
const PROBLEMS_LIMIT = 50
const MESSAGE_CHARACTERS = 600

/** Checks rooms that are given as text, over and over; what did not change is not checked anew. */
export interface RoomService {
  /**
   * @param rooms the text of every room that there is, by name
   * @param wanted the rooms whose problems are asked for
   */
  problems(rooms: ReadonlyMap<string, string>, wanted: readonly string[]): TypeProblem[]
}

/**
 * Opens a compiler over the rooms and the kit. It reads the kit, the types that the kit stands on, and the
 * language's library; for a room there is no other file.
 *
 * @param root the repository: its `tsconfig.json` holds the options
 */
export function openRoomService(root: string): RoomService {
  const kit = join(root, 'starter/kit')
  const library = resolve(ts.getDefaultLibFilePath({}), '..')
  const readable = [kit, library, join(root, 'node_modules/kubernetes-types')]
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(Object(config).compilerOptions ?? {}, root)

  let rooms = new Map<string, { text: string; version: number }>()
  let roots: string[] = []
  const globals = join(kit, 'globals.d.ts')

  const roomOf = (file: string) =>
    file.startsWith(ROOMS) ? rooms.get(file.slice(ROOMS.length).replace(/\.ts$/, '')) : undefined
  const isReadable = (file: string) => readable.some((folder) => resolve(file).startsWith(folder + sep))
  const read = (file: string) => roomOf(file)?.text ?? (isReadable(file) ? ts.sys.readFile(file) : undefined)
  const exists = (file: string) =>
    roomOf(file) !== undefined || (isReadable(file) && existsSync(file) && ts.sys.fileExists(file))

  const resolveModule = (name: string, from: string): ts.ResolvedModuleFull | undefined => {
    const [, tree, path] = /^#(rooms|kit)\/([a-z0-9/-]+)$/.exec(name) ?? []
    if (tree === 'kit') return existingModule(join(kit, `${path}.ts`))
    if (tree === 'rooms' && path !== undefined) return existingModule(`${ROOMS}${path}.ts`)
    if (from.startsWith(ROOMS)) return undefined
    const host = { fileExists: exists, readFile: read, directoryExists: () => true }
    return ts.resolveModuleName(name, from, options, host).resolvedModule
  }
  const existingModule = (file: string): ts.ResolvedModuleFull | undefined =>
    exists(file)
      ? { resolvedFileName: file, extension: ts.Extension.Ts, isExternalLibraryImport: false }
      : undefined

  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...roots, globals],
    getScriptVersion: (file) => String(roomOf(file)?.version ?? 0),
    getScriptSnapshot(file) {
      const text = read(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: exists,
    readFile: read,
    directoryExists: () => true,
    getDirectories: () => [],
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolveModule(text, from) })),
  })

  return {
    problems(texts, wanted) {
      const before = rooms
      rooms = new Map()
      for (const [room, text] of texts) {
        const old = before.get(room)
        rooms.set(room, old?.text === text ? old : { text, version: (old?.version ?? 0) + 1 })
      }
      const there = wanted.filter((room) => rooms.has(room))
      roots = there.map((room) => `${ROOMS}${room}.ts`)
      return there
        .flatMap((room) => {
          const file = `${ROOMS}${room}.ts`
          const syntactic = service.getSyntacticDiagnostics(file)
          // What does not parse has types that mean nothing.
          const all = syntactic.length > 0 ? syntactic : service.getSemanticDiagnostics(file)
          return all.map((diagnostic) => toProblem(room, diagnostic))
        })
        .slice(0, PROBLEMS_LIMIT)
    },
  }
}

function toProblem(room: string, { file, start, messageText }: ts.Diagnostic): TypeProblem {
  const place = file && start !== undefined ? file.getLineAndCharacterOfPosition(start) : undefined
  // Where a type comes from says nothing to a learner, and would name folders of this machine.
  const message = ts
    .flattenDiagnosticMessageText(messageText, '\n')
    .replaceAll(/import\("[^"]*"\)\./g, '')
    .slice(0, MESSAGE_CHARACTERS)
  return { room, line: (place?.line ?? 0) + 1, column: (place?.character ?? 0) + 1, message }
}
