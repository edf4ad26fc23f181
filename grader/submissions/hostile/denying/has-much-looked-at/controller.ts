export class Controller {
  async start() {}
  async stop() {}
}
export const source = () => ({ start: async () => {}, stop: async () => {} })
export const itself = () => []
export const controllerOf = () => () => []
