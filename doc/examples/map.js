// SPDX-License-Identifier: GPL-2.0-only
// Write a text into a kshm buffer and read it back.
//
// node map.js [DEVICE [SIZE]]
//
// Node.js has no mmap in its standard library. Positional reads and writes
// access the same bytes and need no mapping.
'use strict';

const fs = require('fs');
const path = require('path');

const text = Buffer.from('hello from Node.js');
const device = process.argv[2] || '/dev/kshm0';

// fstat() gives the size 0 for a device, and Node.js has no lseek().
function sizeOf(device) {
  const name = path.basename(fs.realpathSync(device));
  return fs.readFileSync(`/sys/class/kshm/${name}/size`, 'ascii');
}

const size = Number(process.argv[3] || sizeOf(device));
const fd = fs.openSync(device, 'r+');

for (const offset of [0, size - text.length]) {
  const back = Buffer.alloc(text.length);

  fs.writeSync(fd, text, 0, text.length, offset);
  fs.readSync(fd, back, 0, back.length, offset);
  if (!back.equals(text)) {
    console.error(`${device}: not what was written at ${offset}`);
    process.exit(1);
  }
}
console.log(`${device}: ${size} bytes, written and read`);
