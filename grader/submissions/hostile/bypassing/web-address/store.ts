export * from 'https://example.org/store.js'
