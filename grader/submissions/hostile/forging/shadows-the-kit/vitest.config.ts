throw new Error('the configuration of a submission was run')
