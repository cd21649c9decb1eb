"""Money brought home: a person's statements of other banks and wallets beside her own, each movement counted once."""
