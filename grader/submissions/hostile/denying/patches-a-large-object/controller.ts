export class Controller {
  #sources

  constructor({ sources }) {
    this.#sources = sources
  }

  async start() {
    await Promise.all(this.#sources.map((source) => source.start(() => {})))
  }

  async stop() {}
}

export const source = (informer) => informer
export const itself = () => []
export const controllerOf = () => () => []
