const load = require
export const { Store } = load(['..', 'neighbour', 'store'].join('/'))
