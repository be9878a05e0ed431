/** Uniform in 0…1, the same everywhere for one seed. */
export function randomOf(seed: number): () => number

export function writeCheckpoint(
  folder: string,
  options: {
    readonly dims: Readonly<Record<string, unknown>>
    readonly isTestSize: boolean
    readonly seed: number
    readonly hasHoles: boolean
    readonly tokenizer: string | null
  },
): Promise<void>
