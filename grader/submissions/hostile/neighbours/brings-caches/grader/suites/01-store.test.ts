throw new Error('a suite of a submission was run')
