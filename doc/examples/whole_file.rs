// SPDX-License-Identifier: GPL-2.0-only
//! Map all of a contiguous memfd with the crate memmap2, and write a text into it.
//!
//! python3 alloc.py 65536 ./whole_file @

use memmap2::MmapMut;
use std::env;
use std::error::Error;
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

const TEXT: &[u8] = b"hello from Rust";

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("usage: whole_file MEMFD")?;
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    // While this exists, no other program may write to the buffer.
    let mut memory = unsafe { MmapMut::map_mut(&file)? };
    let mut back = [0; TEXT.len()];

    memory[..TEXT.len()].copy_from_slice(TEXT);
    file.read_exact_at(&mut back, 0)?;
    println!("{} bytes mapped: {}", memory.len(), String::from_utf8_lossy(&back));
    Ok(())
}
