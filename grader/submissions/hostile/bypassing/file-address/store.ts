export * from 'file:///etc/hosts'
