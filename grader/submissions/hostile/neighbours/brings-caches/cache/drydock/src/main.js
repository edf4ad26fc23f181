throw new Error('a cache of a submission was used')
