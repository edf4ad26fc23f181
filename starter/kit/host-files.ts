/** One file of a volume. */
export interface HostFile {
  content: string
  /** Permission bits, such as 0o644. */
  mode: number
}

/** The node's directories that containers mount. Paths are relative, with `/`; they outlive the kubelet. */
export interface HostFiles {
  /** Makes an empty directory, with those above it; leaves one that is there as it is. */
  makeDirectory(path: string): Promise<void>

  /** Makes the directory hold these files and no others, in one step: no container sees half of it. */
  replace(path: string, files: Readonly<Record<string, HostFile>>): Promise<void>

  /** Removes the directory and all that is in it. Does nothing if there is none. */
  remove(path: string): Promise<void>

  /** @returns the names in the directory, in order; `undefined` if there is none */
  list(path: string): Promise<string[] | undefined>
}
