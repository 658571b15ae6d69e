-- Where a batch is on its way into the archive, from the first attempt on.
-- Batches of one operator go there in the order of their indices: at most the
-- last row of an operator is not final. checksum is the SHA-256 of the file;
-- attempts tells the puts of one file apart.
CREATE TABLE archives (
  operator    BLOB    NOT NULL CHECK (length(operator) = 32),
  batch_index INTEGER NOT NULL CHECK (batch_index >= 0),
  state       TEXT    NOT NULL CHECK (state IN ('sending', 'doubted', 'stored', 'found')),
  checksum    BLOB    NOT NULL CHECK (length(checksum) = 32),
  size        INTEGER NOT NULL CHECK (size > 0),
  attempts    INTEGER NOT NULL CHECK (attempts > 0),
  PRIMARY KEY (operator, batch_index)
) STRICT;
