/** One instance per data folder, and where that folder is. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { implement } from '#contract/rpc/serve.ts'
import { control } from '#contract/services/control.ts'
import { socketPath } from '#host/shared/host-options.ts'
import { serveLocalSocket } from '#host/shared/local-socket.ts'
import { dataDirOf } from '#main/instance/data-dir.ts'
import { acquireInstance, findOwner, lockPath } from '#main/instance/instance-lock.ts'
import { nodeForHosts } from '#main/instance/node-for-hosts.ts'
import { findProgram } from '#main/instance/program.ts'
import { createSocketDir, type SocketDir } from '#main/instance/socket-dir.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'

let folder: TemporaryFolder
let sockets: SocketDir
beforeEach(() => {
  folder = temporaryFolder()
  sockets = createSocketDir({})
})
afterEach(() => {
  sockets[Symbol.dispose]()
  folder[Symbol.dispose]()
})

/** The control socket of a living instance. */
const listen = async (socketDir: string): Promise<AsyncDisposable> => {
  const service = implement(control, {
    address: async () => ({ pid: 4711, shell: 'headless', url: 'http://127.0.0.1:1/?token=x' }),
    show: async () => undefined,
  })
  return serveLocalSocket(socketPath(socketDir, 'control'), [service])
}

describe('the lock of a data folder', () => {
  it('is taken, and given back at the end', async () => {
    const acquired = await acquireInstance(folder.path, sockets.path)
    expect(acquired.kind).toBe('owned')
    expect(existsSync(lockPath(folder.path))).toBe(true)
    if (acquired.kind === 'owned') acquired.lock[Symbol.dispose]()
    expect(existsSync(lockPath(folder.path))).toBe(false)
  })

  it('is refused while its owner answers, with the owner’s address', async () => {
    await using _server = await listen(sockets.path)
    await acquireInstance(folder.path, sockets.path)
    const second = await acquireInstance(folder.path, '/elsewhere')
    expect(second).toMatchObject({ kind: 'taken', owner: { pid: 4711, url: 'http://127.0.0.1:1/?token=x' } })
    expect(await findOwner(folder.path, false)).toMatchObject({ pid: 4711, isAnswering: true })
  })

  it('is taken over from a process that died, and what it left is removed', async () => {
    const old = createSocketDir({})
    await acquireInstance(folder.path, old.path)
    const acquired = await acquireInstance(folder.path, sockets.path)
    expect(acquired.kind).toBe('owned')
    expect(readFileSync(lockPath(folder.path), 'utf8')).toContain(sockets.path)
    expect(existsSync(old.path)).toBe(false)
  })

  it.each(['', '{', '{"pid":1}'])('is taken over when the file is %j', async (text) => {
    writeFileSync(lockPath(folder.path), text)
    expect((await acquireInstance(folder.path, sockets.path)).kind).toBe('owned')
  })

  it('never removes a folder that a damaged lock file names', async () => {
    const precious = join(folder.path, 'precious')
    writeFileSync(precious, 'x')
    writeFileSync(lockPath(folder.path), JSON.stringify({ pid: 1, socketDir: folder.path, startedIso: '' }))
    await acquireInstance(folder.path, sockets.path)
    expect(existsSync(precious)).toBe(true)
  })

  it('has no owner when nobody runs', async () => {
    expect(await findOwner(folder.path, false)).toBeNull()
  })
})

describe('the socket folder', () => {
  it('is for this user only, short, and gone at the end', () => {
    const made = createSocketDir({ XDG_RUNTIME_DIR: '/nowhere' })
    expect(statSync(made.path).mode & 0o777).toBe(0o700)
    expect(basename(made.path)).toMatch(/^foresight-/u)
    made[Symbol.dispose]()
    expect(existsSync(made.path)).toBe(false)
  })
})

describe('the data folder', () => {
  it.each([
    [{ FORESIGHT_DATA_DIR: '/lab/data' }, 'linux', '/lab/data'],
    [{}, 'linux', '/home/a/.local/share/foresight'],
    [{ XDG_DATA_HOME: '/xdg' }, 'linux', '/xdg/foresight'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', '/home/a/.local/share/foresight'],
    [{}, 'darwin', '/home/a/Library/Application Support/Foresight'],
  ] as const)('for %j on %s is %s', (env, platform, expected) => {
    expect(dataDirOf(env, platform, '/home/a')).toBe(expected)
  })
})

describe('the program', () => {
  it('is found from any folder inside it', () => {
    const root = join(import.meta.dirname, '../../../..')
    expect(findProgram(import.meta.dirname)).toMatchObject({
      rootDir: root,
      resourcesDir: join(root, 'resources'),
    })
  })

  it('keeps what hosts must read outside Electron’s archive', () => {
    const archive = join(folder.path, 'resources', 'app.asar')
    mkdirSync(join(archive, 'out', 'main'), { recursive: true })
    writeFileSync(join(archive, 'package.json'), '{"name":"foresight","version":"1.2.3"}')
    const program = findProgram(join(archive, 'out', 'main'))
    expect(program).toMatchObject({ rootDir: archive, plainDir: `${archive}.unpacked`, version: '1.2.3' })
    expect(program.resourcesDir).toBe(join(`${archive}.unpacked`, 'resources'))
  })

  it('is not made up where there is none', () => {
    expect(() => findProgram(folder.path)).toThrow('no foresight package')
  })
})

describe('the Node for the hosts', () => {
  it('is what the launcher named, else the one in the package’s resources, never Electron', () => {
    const node = join(folder.path, 'node')
    writeFileSync(node, '')
    expect(nodeForHosts({ FORESIGHT_NODE: process.execPath }, '/none', undefined, 'linux', 'x64')).toBe(
      process.execPath,
    )
    expect(() => nodeForHosts({ FORESIGHT_NODE: '/gone' }, '/none', folder.path, 'linux', 'x64')).toThrow(
      'no Node',
    )
  })

  it('is the pinned package in a clone', () => {
    const root = join(import.meta.dirname, '../../../..')
    const found = nodeForHosts({}, root, undefined)
    expect(found.startsWith(join(root, 'node_modules'))).toBe(true)
  })
})
