/** Reads a file of the project's own data by name (`iris.csv`, `mnist/t10k-images-idx3-ubyte`), gzipped or not; the page and Node bring their own. */
export type DataSource = (name: string) => Promise<Uint8Array>

/** A file that somebody chose, in memory. */
export interface DataFile {
  name: string
  bytes: Uint8Array
}

/** A folder that somebody chose, or a ZIP archive: all that is in it, by paths within it (`cats/1.png`); a folder's own path ends with a slash. */
export interface DataFolder {
  name: string
  entries: DataFile[]
}
