throw new Error('a module of a submission was run')
