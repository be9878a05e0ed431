import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { lockDataset } from '#host/shared/dataset/dataset-lock.ts'
import {
  DatasetTransaction,
  hasOpenTransaction,
  recoverTransaction,
} from '#host/shared/dataset/transaction.ts'
import { fingerprint } from '#test/fixtures/datasets/temp-dataset.ts'

class Folder implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'foresight-transaction-'))
  constructor() {
    this.write('meta/info.json', 'old')
    this.write('data/a', 'a')
    this.write('data/b', 'b')
    this.write('data/n', 'x'.repeat(32))
  }
  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), content)
  }
  read = (path: string): string => readFileSync(join(this.root, path), 'utf8')
  has = (path: string): boolean => existsSync(join(this.root, path));
  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

async function edit(root: string): Promise<DatasetTransaction> {
  const transaction = new DatasetTransaction(root)
  await transaction.put('videos/new', 'video')
  transaction.move('data/a', '.trash/1/data/a')
  await transaction.put('data/a', 'another a')
  transaction.remove('data/b')
  transaction.renumber('data/n', [{ offset: 8, rows: 2, first: 7, step: 1 }])
  await transaction.put('meta/info.json', 'new')
  return transaction
}

describe('dataset transaction', () => {
  it('does all steps', async () => {
    using folder = new Folder()
    await (await edit(folder.root)).commit()
    expect(folder.read('meta/info.json')).toBe('new')
    expect(folder.read('data/a')).toBe('another a')
    expect(folder.read('.trash/1/data/a')).toBe('a')
    expect(folder.has('data/b')).toBe(false)
    expect(folder.read('data/n')).toBe(
      `${'x'.repeat(8)}\u0007${'\0'.repeat(7)}\u0008${'\0'.repeat(7)}${'x'.repeat(8)}`,
    )
    expect(await hasOpenTransaction(folder.root)).toBe(false)
    expect(folder.has('.foresight/stage')).toBe(false)
  })

  it('does nothing when it is abandoned, or when the process dies before the record is written', async () => {
    using folder = new Folder()
    const before = fingerprint(folder.root)
    await (await edit(folder.root)).abandon()
    expect(fingerprint(folder.root)).toEqual(before)
    await edit(folder.root)
    expect(await recoverTransaction(folder.root)).toBe(false)
    expect(fingerprint(folder.root)).toEqual(before)
    expect(folder.has('.foresight/stage')).toBe(false)
  })

  it('is finished by recovery after a death at any step, and finishing twice changes nothing', async () => {
    using whole = new Folder()
    await (await edit(whole.root)).commit()
    const after = fingerprint(whole.root)
    // What `commit` leaves after its first k steps, made by hand: the record, and the renames done so far.
    const stage = '.foresight/stage'
    const record = [
      { kind: 'put', staged: `${stage}/0`, path: 'videos/new' },
      { kind: 'move', from: 'data/a', to: '.trash/1/data/a' },
      { kind: 'put', staged: `${stage}/1`, path: 'data/a' },
      { kind: 'remove', path: 'data/b' },
      { kind: 'put', staged: `${stage}/2`, path: 'meta/info.json' },
      { kind: 'renumber', path: 'data/n', runs: [{ offset: 8, rows: 2, first: 7, step: 1 }] },
    ]
    for (let done = 0; done <= record.length; done += 1) {
      using folder = new Folder()
      await edit(folder.root)
      folder.write('.foresight/transaction.json', JSON.stringify(record))
      for (const step of record.slice(0, done)) {
        if (step.runs !== undefined) {
          // The process died between the bytes of the first number.
          writeFileSync(join(folder.root, step.path), `${'x'.repeat(8)}\u0007\0\0\0${'x'.repeat(20)}`)
          continue
        }
        const from = step.staged ?? step.from
        const to = step.to ?? step.path ?? ''
        mkdirSync(dirname(join(folder.root, to)), { recursive: true })
        if (from === undefined) rmSync(join(folder.root, to))
        else renameSync(join(folder.root, from), join(folder.root, to))
      }
      expect(await hasOpenTransaction(folder.root)).toBe(true)
      expect(await recoverTransaction(folder.root)).toBe(true)
      expect(fingerprint(folder.root)).toEqual(after)
      expect(await recoverTransaction(folder.root)).toBe(false)
      expect(fingerprint(folder.root)).toEqual(after)
    }
  })

  it('removes folders that become empty, never the dataset itself', async () => {
    using folder = new Folder()
    const transaction = new DatasetTransaction(folder.root)
    for (const path of ['data/a', 'data/b', 'data/n', 'meta/info.json']) transaction.remove(path)
    await transaction.commit()
    expect(folder.has('data')).toBe(false)
    expect(folder.has('.')).toBe(true)
  })
})

describe('dataset lock', () => {
  it('lets one in after the other', async () => {
    using folder = new Folder()
    const order: string[] = []
    const work = async (name: string): Promise<void> => {
      await using _lock = unwrap(await lockDataset(folder.root))
      order.push(`${name} in`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`${name} out`)
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    expect(order.map((s) => s.split(' ')[1])).toEqual(['in', 'out', 'in', 'out', 'in', 'out'])
    expect(folder.has('.foresight/lock')).toBe(false)
  })

  it.each([
    ['a process that is gone', '4194303 1'],
    ['an earlier process with the same number', `${process.pid} 1`],
  ])('takes over from %s', async (_what, owner) => {
    using folder = new Folder()
    folder.write('.foresight/lock', owner)
    await using _lock = unwrap(await lockDataset(folder.root))
    expect(folder.read('.foresight/lock')).toMatch(new RegExp(`^${process.pid} `))
  })
})

describe('a dataset that was moved away', () => {
  it('is not locked, and no folder appears in its place', async () => {
    using folder = new Folder()
    const root = join(folder.root, 'gone')
    expect(await lockDataset(root)).toMatchObject({ ok: false, error: { code: 'dataset/not-found' } })
    expect(existsSync(root)).toBe(false)
    mkdirSync(root)
    expect(await lockDataset(root)).toMatchObject({ ok: false, error: { code: 'dataset/not-a-dataset' } })
    expect(readdirSync(root)).toEqual([])
  })

  it('while it changes gets nothing in its place either', async () => {
    using folder = new Folder()
    const root = join(folder.root, 'set')
    mkdirSync(join(root, 'meta'), { recursive: true })
    writeFileSync(join(root, 'meta/info.json'), 'old')
    const locked = unwrap(await lockDataset(root))
    const transaction = new DatasetTransaction(root)
    await transaction.put('data/a', 'a')
    renameSync(root, `${root}-moved`)
    await expect(transaction.put('data/b', 'b')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'ENOENT' })
    await transaction.abandon()
    await locked[Symbol.asyncDispose]()
    expect(existsSync(root)).toBe(false)
  })
})
