export class Store {
  put(key, value) {
    return {
      then(resolve, reject) {
        resolve({ key, value: 'nonsense', createRevision: 0, modRevision: 0 })
        resolve({ key, value, createRevision: 2, modRevision: 2 })
        reject(new Error('or not'))
      },
    }
  }
}
