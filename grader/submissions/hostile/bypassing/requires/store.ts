const { Store } = require('../neighbour/store')

export { Store }
