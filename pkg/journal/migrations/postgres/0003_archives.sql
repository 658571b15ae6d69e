-- Where a batch is on its way into the archive, from the first attempt on.
-- Batches of one operator go there in the order of their indices: at most the
-- last row of an operator is not final. checksum is the SHA-256 of the file;
-- attempts tells the puts of one file apart.
CREATE TABLE archives (
  operator    BYTEA  NOT NULL CHECK (octet_length(operator) = 32),
  batch_index BIGINT NOT NULL CHECK (batch_index >= 0),
  state       TEXT   NOT NULL CHECK (state IN ('sending', 'doubted', 'stored', 'found')),
  checksum    BYTEA  NOT NULL CHECK (octet_length(checksum) = 32),
  size        BIGINT NOT NULL CHECK (size > 0),
  attempts    BIGINT NOT NULL CHECK (attempts > 0),
  PRIMARY KEY (operator, batch_index)
);
