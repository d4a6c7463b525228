"""Files → `Form`s, and what is made of forms without any rule: the contract's JSON, CSV and Parquet, empty forms, how a form was read."""
