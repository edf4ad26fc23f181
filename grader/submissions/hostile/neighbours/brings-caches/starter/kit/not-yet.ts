throw new Error('the kit of a submission was used')
