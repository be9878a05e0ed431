import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolders } from '#host/shared/make-folders.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'

describe('a folder that a person named', () => {
  it('is made with its parents, once or again, by two at a time', async () => {
    using folder = temporaryFolder()
    const deep = join(folder.path, 'a', 'b', 'c')
    await Promise.all([makeFolders(deep), makeFolders(deep)])
    await makeFolders(deep)
    expect(existsSync(deep)).toBe(true)
  })

  it('is refused where a file has its name, or that of a parent', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    await expect(makeFolders(join(folder.path, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(makeFolders(join(folder.path, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  it.skipIf(process.platform !== 'linux')(
    'is refused, without spinning, where the system makes none',
    async () => {
      await expect(makeFolders('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )
})
