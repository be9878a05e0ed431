import { mkdir, rename, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cachedCheckpoints,
  foldersLike,
  hubFolder,
  siblingCheckpoints,
} from '#host/policy/import/find-checkpoints.ts'
import { givenPath } from '#host/policy/import/given-path.ts'
import { copyCheckpoint, type CheckpointCopy } from './checkpoint-copy.ts'

let copy: CheckpointCopy
beforeEach(async () => {
  copy = await copyCheckpoint()
})
afterEach(() => copy[Symbol.asyncDispose]())

describe('checkpoints on this machine', () => {
  it('are found in Hugging Face’s cache under the name they have there', async () => {
    const hub = join(copy.root, 'hub')
    const snapshots = join(hub, 'models--InternRobotics--InternVLA-A1-3B', 'snapshots')
    await mkdir(snapshots, { recursive: true })
    await rename(copy.checkpoint, join(snapshots, '0a1b'))
    await mkdir(join(hub, 'models--Qwen--Qwen3', 'snapshots', 'ffff'), { recursive: true })
    const found = await cachedCheckpoints(hub)
    expect(found).toMatchObject([
      { name: 'InternRobotics/InternVLA-A1-3B', path: join(snapshots, '0a1b'), architecture: 'qwena1' },
    ])
    expect(found[0]?.bytes).toBeGreaterThan(1e6)
    expect(await cachedCheckpoints(join(copy.root, 'nowhere'))).toEqual([])
  })

  it('are found beside one that was imported', async () => {
    const found = await siblingCheckpoints([join(copy.root, 'another')])
    expect(found.map(({ name }) => name)).toEqual(['check point'])
  })

  it('lie where the variables of Hugging Face’s tools say', () => {
    const home = join('/', 'home', 'ada')
    expect(hubFolder({}, home)).toBe(join(home, '.cache', 'huggingface', 'hub'))
    expect(hubFolder({ HF_HOME: join('/', 'data') }, home)).toBe(join('/', 'data', 'hub'))
    expect(hubFolder({ HF_HUB_CACHE: join('/', 'hub') }, home)).toBe(join('/', 'hub'))
  })
})

describe('folders while a path is typed', () => {
  it('begin as it does, in any case of letters; a checkpoint is marked', async () => {
    await mkdir(join(copy.root, 'Chess'))
    await mkdir(join(copy.root, '.hidden'))
    await symlink(copy.checkpoint, join(copy.root, 'chain'))
    expect(await foldersLike(join(copy.root, 'CH'))).toEqual([
      { path: join(copy.root, 'chain'), isCheckpoint: true },
      { path: join(copy.root, 'check point'), isCheckpoint: true },
      { path: join(copy.root, 'Chess'), isCheckpoint: false },
    ])
    expect(await foldersLike(`${copy.root}/`)).toHaveLength(3)
    expect(await foldersLike(join(copy.root, '.h'))).toHaveLength(1)
    expect(await foldersLike(join(copy.root, 'nowhere', 'x'))).toEqual([])
  })
})

it('a path is taken as people paste it', () => {
  const home = join('/', 'home', 'ada')
  expect(givenPath(' "/data/a b" ', home)).toBe('/data/a b')
  expect(givenPath("'/data/it''s'", home)).toBe("/data/it''s")
  expect(givenPath('~/models', home)).toBe(join(home, 'models'))
  expect(givenPath('~', home)).toBe(home)
  expect(givenPath('file:///data/a%20b', home)).toBe('/data/a b')
  expect(givenPath('/data/~x', home)).toBe('/data/~x')
})
