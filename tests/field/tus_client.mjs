// A stock tus-js-client as any other program would use it: node tus_client.mjs '{"url", "file", "headers", "metadata", "chunk"}'
import { readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const told = JSON.parse(process.argv[2])

// A network that bites the Location in half leaves a client with an address that does not exist; announcing the
// same evidence again finds what is there.
function begin(left) {
  new Upload(readFileSync(told.file), {
    endpoint: told.url,
    chunkSize: told.chunk,
    headers: told.headers,
    metadata: told.metadata,
    retryDelays: Array(30).fill(50),
    onError: (error) => (left ? begin(left - 1) : fail(error)),
    onSuccess: () => console.log('sent'),
  }).start()
}

function fail(error) {
  console.error(String(error))
  process.exit(1)
}

begin(20)
