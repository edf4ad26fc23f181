// A process of its own, so that checking types costs a verdict nothing, and may hang. A line of JSON asks, a
// line of JSON answers.
import { createInterface } from 'node:readline'
import { openRoomService } from './room-service.ts'

/** What is asked. */
interface Question {
  rooms: [name: string, text: string][]
  wanted: string[]
}

const service = openRoomService(process.argv[2] ?? process.cwd())
// What takes long the first time is done by then.
service.problems(new Map([['room', 'export {}']]), ['room'])
process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  // The other end is the grader.
  const { rooms, wanted } = JSON.parse(line) as Question
  process.stdout.write(`${JSON.stringify(service.problems(new Map(rooms), wanted))}\n`)
}
