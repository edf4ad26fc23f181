let calls = 0

export class Store {
  async put() {
    const ring = {}
    ring.left = ring.right = ring
    return calls++ ? undefined : ring
  }
}
