const place = import.meta.resolve('../neighbour/store.ts')

export const { Store } = { Store: place }
