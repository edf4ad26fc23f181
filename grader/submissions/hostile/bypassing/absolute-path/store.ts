export * from '/etc/hosts'
