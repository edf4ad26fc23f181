// A real kubectl against the reference's API: what it prints is what it prints for a real control plane.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { NamespaceStandIn } from '#cluster/namespace-stand-in'
import { systemClock } from '#cluster/system-clock'
import { kindTable } from '#kit/api/served-kinds'
import { type ServedFront, serveFront } from './http/served-front.ts'

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'drydock-kubectl-'))
const file = (name: string) => join(folder, name)

let front: ServedFront
let namespaces: NamespaceStandIn
beforeAll(async () => {
  front = await serveFront()
  namespaces = new NamespaceStandIn({ client: front.client, clock: systemClock, kinds: kindTable })
  await namespaces.start()
})
afterEach(() => expect(front.faults).toEqual([]))
afterAll(async () => {
  await namespaces.stop()
  await front.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  code: number
  /** What it printed, with ages, times, uids and generated names made the same. */
  out: string
  err: string
}

const environment = () => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  KUBECONFIG: file('none'),
})
const always = () => [`--server=http://127.0.0.1:${front.port}`, `--cache-dir=${file('cache')}`]

/** Runs kubectl as a user would; not synchronously: the API is in this process. */
function run(args: string[], input: string, env: Record<string, string>): Promise<Run> {
  const options = { env: { ...environment(), ...env }, timeout: 20_000 }
  return new Promise((resolve) => {
    const child = execFile('kubectl', [...always(), ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out: plain(out), err: plain(err) }),
    )
    child.stdin?.end(input)
  })
}

/** @param command in words that have no blanks in them */
function kubectl(command: string, input = '', env: Record<string, string> = {}): Promise<Run> {
  return run(command.split(' '), input, env)
}

function plain(text: string): string {
  return text
    .replace(/\b\d+m?\d*s$/gm, 'AGE')
    .replace(/\b\d+s\b/g, 'AGE')
    .replace(/[ \t]+$/gm, '')
}

/** What it prints when all goes well. */
async function prints(command: string, input?: string, env?: Record<string, string>): Promise<string> {
  const { code, out, err } = await kubectl(command, input, env)
  expect([code, err], command).toEqual([0, ''])
  return out
}

const podYaml = (name: string, image = 'nginx:1') => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels: {app: web}
spec:
  containers:
  - {name: c, image: "${image}", ports: [{containerPort: 80}]}
`

const replicaSetYaml = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: nginx, image: "nginx:1"}]
`

describe.skipIf(!hasKubectl)('kubectl', () => {
  it('finds out what is served', async () => {
    const lines = (await prints('api-resources --no-headers')).trim().split('\n')
    expect(lines.map((line) => line.split(/\s{2,}/))).toEqual(
      expect.arrayContaining([
        ['configmaps', 'cm', 'v1', 'true', 'ConfigMap'],
        ['namespaces', 'ns', 'v1', 'false', 'Namespace'],
        ['pods', 'po', 'v1', 'true', 'Pod'],
        ['replicasets', 'rs', 'apps/v1', 'true', 'ReplicaSet'],
      ]),
    )
    expect(await prints('get --raw /healthz')).toBe('ok')
    const { code, err } = await kubectl('get widgets')
    expect([code, err]).toEqual([1, `error: the server doesn't have a resource type "widgets"\n`])
  })

  it('create -f, get, get -o wide, --show-labels, -l', async () => {
    expect(await prints('create -f -', podYaml('a'))).toBe('pod/a created\n')
    expect(await prints('get pods')).toBe(
      'NAME   READY   STATUS    RESTARTS   AGE\na      0/1     Pending   0          AGE\n',
    )
    expect(await prints('get pods -o wide')).toBe(
      [
        'NAME   READY   STATUS    RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES',
        'a      0/1     Pending   0          AGE    <none>   <none>   <none>           <none>',
        '',
      ].join('\n'),
    )
    expect(await prints('get pods -l app=web --show-labels')).toBe(
      'NAME   READY   STATUS    RESTARTS   AGE   LABELS\na      0/1     Pending   0          AGE    app=web\n',
    )
    expect(await prints('get pod a -o jsonpath={.spec.containers[0].image}')).toBe('nginx:1')
    expect((await kubectl('get pods -l app=none')).err).toBe('No resources found in default namespace.\n')
  })

  it('says what is not there, is there already, or is not valid', async () => {
    const missing = await kubectl('get pods nope')
    expect([missing.code, missing.err]).toEqual([1, 'Error from server (NotFound): pods "nope" not found\n'])
    const taken = await kubectl('create -f -', podYaml('a'))
    expect([taken.code, taken.err]).toEqual([
      1,
      'Error from server (AlreadyExists): error when creating "STDIN": pods "a" already exists\n',
    ])
    const wrong = await kubectl('create -f -', podYaml('Bad_Name'))
    expect([wrong.code, wrong.err]).toEqual([
      1,
      expect.stringContaining(
        'The Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123',
      ),
    ])
    const unknown = await kubectl('create -f -', podYaml('b').replace('image:', 'imge:'))
    expect([unknown.code, unknown.err]).toEqual([
      1,
      'Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imge"\n',
    ])
  })

  it('takes a List, object by object, and names kinds that are not served', async () => {
    const items = ['one', 'two'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }))
    writeFileSync(file('list.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    const list = file('list.json')
    expect(await prints(`create -f ${list}`)).toBe('configmap/one created\nconfigmap/two created\n')
    expect(await prints(`delete -f ${list}`)).toBe('configmap "one" deleted\nconfigmap "two" deleted\n')
    expect(await prints(`apply -f ${list}`)).toBe('configmap/one created\nconfigmap/two created\n')
    const unknown = await kubectl(
      'apply -f -',
      'apiVersion: apps/v1\nkind: Widget\nmetadata: {name: w}\nspec: {}',
    )
    expect([unknown.code, unknown.err]).toEqual([
      1,
      'error: resource mapping not found for name: "w" namespace: "" from "STDIN": no matches for kind "Widget" in version "apps/v1"\nensure CRDs are installed first\n',
    ])
  })

  it('says which byte of a Secret is no base64', async () => {
    const yaml = 'apiVersion: v1\nkind: Secret\nmetadata: {name: plain}\ndata: {password: hunter2!}'
    const { code, err } = await kubectl('create -f -', yaml)
    expect([code, err]).toEqual([
      1,
      'Error from server (BadRequest): error when creating "STDIN": Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 7\n',
    ])
  })

  it('apply creates, finds nothing to do, and changes; diff shows the change', async () => {
    writeFileSync(file('rs.yaml'), replicaSetYaml)
    const apply = `apply -f ${file('rs.yaml')}`
    expect(await prints(apply)).toBe('replicaset.apps/web created\n')
    expect(await prints(apply)).toBe('replicaset.apps/web unchanged\n')
    expect(await prints('get rs')).toBe(
      'NAME   DESIRED   CURRENT   READY   AGE\nweb    2         0         0       AGE\n',
    )
    writeFileSync(
      file('rs.yaml'),
      replicaSetYaml.replace('replicas: 2', 'replicas: 3').replace('nginx:1', 'nginx:2'),
    )
    const diff = await kubectl(`diff -f ${file('rs.yaml')}`)
    expect(diff.code).toBe(1)
    expect(diff.out.split('\n').filter((line) => /^[+-] /.test(line))).toEqual([
      '-  generation: 1',
      '+  generation: 2',
      '-  replicas: 2',
      '+  replicas: 3',
      '-      - image: nginx:1',
      '+      - image: nginx:2',
    ])
    expect(await prints(apply)).toBe('replicaset.apps/web configured\n')
    const image = 'jsonpath={.metadata.generation} {.spec.replicas} {.spec.template.spec.containers[*].image}'
    expect((await run(['get', 'rs', 'web', '-o', image], '', {})).out).toBe('2 3 nginx:2')
  })

  it('label, annotate, patch, set image, edit, replace', async () => {
    expect(await prints('label pod a tier=front')).toBe('pod/a labeled\n')
    expect(await prints('label pod a tier-')).toBe('pod/a unlabeled\n')
    expect(await prints('annotate pod a note=x')).toBe('pod/a annotated\n')
    expect(await prints('patch pod a -p {"metadata":{"labels":{"p":"1"}}}')).toBe('pod/a patched\n')
    expect(await prints('patch pod a -p {"metadata":{"labels":{"p":"1"}}}')).toBe(
      'pod/a patched (no change)\n',
    )
    expect(await prints('patch pod a --type=merge -p {"metadata":{"labels":{"p":null}}}')).toBe(
      'pod/a patched\n',
    )
    const operation = '[{"op":"add","path":"/metadata/labels/q","value":"2"}]'
    expect(await prints(`patch pod a --type=json -p ${operation}`)).toBe('pod/a patched\n')
    expect(await prints('set image pod/a c=nginx:2')).toBe('pod/a image updated\n')
    writeFileSync(file('editor.sh'), '#!/bin/sh\nsed -i s/nginx:2/nginx:3/ "$1"\n', { mode: 0o755 })
    expect(await prints('edit pod a', '', { EDITOR: file('editor.sh') })).toBe('pod/a edited\n')
    expect(await prints('get pod a -o jsonpath={.metadata.labels}{.spec.containers[*].image}')).toBe(
      '{"app":"web","q":"2"}nginx:3',
    )
    expect(await prints('replace -f -', podYaml('a', 'nginx:4'))).toBe('pod/a replaced\n')
  })

  it('run, and describe', async () => {
    expect(await prints('run once --image=busybox --restart=Never -- echo hi')).toBe('pod/once created\n')
    const described = (await prints('describe pod once')).split('\n')
    expect(described).toEqual(
      expect.arrayContaining([
        'Name:         once',
        'Namespace:    default',
        'Node:         <none>',
        'Labels:       run=once',
        'Status:       Pending',
        '    Image:      busybox',
        'QoS Class:        BestEffort',
        'Events:           <none>',
      ]),
    )
    expect(await prints('describe rs web')).toContain('Replicas:     0 current / 3 desired')
  })

  it('get -w shows each change on a line', async () => {
    const args = ['get', 'pods', '-w', '--field-selector=metadata.name=watched', ...always()]
    const child = spawn('kubectl', args, { env: environment() })
    let seen = ''
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
    })
    await prints('create -f -', podYaml('watched'))
    while (!seen.includes('watched')) await once(child.stdout, 'data')
    await front.client.patch(
      'Pod',
      { namespace: 'default', name: 'watched' },
      { type: 'merge', patch: { status: { phase: 'Running' } } },
      { subresource: 'status' },
    )
    while (!seen.includes('Running')) await once(child.stdout, 'data')
    child.kill()
    expect(plain(seen).split('\n').slice(0, 3)).toEqual([
      'NAME      READY   STATUS    RESTARTS   AGE',
      'watched   0/1     Pending   0          AGE',
      'watched   0/1     Running   0          AGE',
    ])
  })

  it('wait', async () => {
    expect(await prints('wait --for=delete pod/none --timeout=1s')).toBe('')
    expect(await prints('wait --for=jsonpath={.status.phase}=Running pod/watched --timeout=5s')).toBe(
      'pod/watched condition met\n',
    )
    const { code, err } = await kubectl('wait --for=condition=Ready pod/watched --timeout=1s')
    expect([code, err]).toEqual([1, 'error: timed out waiting for the condition on pods/watched\n'])
  })

  it('explain', async () => {
    const explained = await prints('explain replicaset.spec')
    expect(explained).toMatch(
      /^GROUP: {6}apps\nKIND: {7}ReplicaSet\nVERSION: {4}v1\n\nFIELD: spec <ReplicaSetSpec>\n/,
    )
    expect(explained).toContain('  selector\t<LabelSelector> -required-\n')
    expect(await prints('explain pod.spec.containers.ports')).toContain('FIELD: ports <[]ContainerPort>')
    const { code, err } = await kubectl('explain pod.spec.nothing')
    expect([code, err]).toEqual([1, 'error: field "nothing" does not exist\n'])
  })

  it('delete; a namespace with all that is in it', async () => {
    expect(await prints('delete pod once watched')).toBe('pod "once" deleted\npod "watched" deleted\n')
    expect(await prints('delete rs web')).toBe('replicaset.apps "web" deleted\n')
    expect(await prints('create -f -', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: team}')).toBe(
      'namespace/team created\n',
    )
    expect(await prints('create -n team -f -', podYaml('inside'))).toBe('pod/inside created\n')
    expect(await prints('get ns')).toMatch(/^NAME +STATUS +AGE\ndefault +Active +AGE\nteam +Active +AGE\n$/)
    expect(await prints('delete namespace team')).toBe('namespace "team" deleted\n')
    expect((await kubectl('get pod inside -n team')).code).toBe(1)
  })

  it('drain: empties a node', async () => {
    await prints('create -f -', 'apiVersion: v1\nkind: Node\nmetadata: {name: n1}')
    await prints('create -f -', podYaml('drained').replace('spec:', 'spec:\n  nodeName: n1'))
    const { code, out } = await kubectl('drain n1 --force --grace-period=0 --timeout=10s')
    expect([code, out]).toEqual([0, 'node/n1 cordoned\npod/drained deleted\nnode/n1 drained\n'])
    expect((await kubectl('get pod drained')).code).toBe(1)
  })

  it('says what to do instead where it would send protobuf, or apply on the server', async () => {
    const typed = await kubectl('create configmap conf --from-literal=a=1')
    expect([typed.code, typed.err]).toEqual([
      1,
      'error: failed to create configmap: this server does not read protobuf, which kubectl sends for some commands, such as create configmap; write the object to a file first: kubectl create … --dry-run=client -o yaml > object.yaml, then kubectl apply -f object.yaml\n',
    ])
    const yaml = await prints('create configmap conf --from-literal=a=1 --dry-run=client -o yaml')
    expect(await prints('apply -f -', yaml)).toBe('configmap/conf created\n')
    const onServer = await kubectl('apply --server-side -f -', yaml)
    expect([onServer.code, onServer.err]).toEqual([1, expect.stringContaining('no server-side apply')])
  })
})
