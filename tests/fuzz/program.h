/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fuzzer runs programs. A program is a string of bytes that encodes a
 * sequence of calls. Every string of bytes is a valid program.
 *
 * A call is a byte, which modulo the number of calls is an index to the table
 * of calls, then the values that this call takes, then a text if it takes one.
 * Bytes that are missing at the end are 0.
 *
 * A value begins with a byte:
 *
 *	00 to 7f	that value
 *	80 to bf	2 to the power of the lower 6 bits
 *	c0 to ef	-1 to -48
 *	f0 to f7	the 2 bytes that follow
 *	f8 to fb	the 4 bytes that follow
 *	fc to ff	the 8 bytes that follow, the lowest first
 *
 * A text is a sequence of characters up to a 0. A character from 0x80 on means
 * a fragment of fragments[], which may take a value.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <linux/types.h>
#include <stdbool.h>

#define PROGRAM_MAX	512	/* bytes */
#define CALLS_MAX	16
#define VALUES_MAX	8	/* of a call */
#define TEXT_MAX	256
#define OPERANDS_MAX	128	/* of a program */

struct program {
	unsigned int len;
	__u8 bytes[PROGRAM_MAX];
};

/**
 * struct call - one call of a program, decoded
 * @op:    index to call_table[]
 * @start: where it begins in the program, bytes
 * @end:   where it ends
 * @v:     its values
 * @text:  its text
 */
struct call {
	unsigned int op;
	unsigned int start;
	unsigned int end;
	__u64 v[VALUES_MAX];
	char text[TEXT_MAX];
};

/**
 * struct operand - a value in a program
 * @pos:   offset, bytes
 * @len:   bytes
 * @value: the value
 * @text:  it is a character
 */
struct operand {
	unsigned int pos;
	unsigned int len;
	__u64 value;
	bool text;
};

/**
 * struct decoded - a program, decoded
 * @calls:	 the calls
 * @nr_calls:	 number of them
 * @operands:	 all values of all calls
 * @nr_operands: number of them
 */
struct decoded {
	struct call calls[CALLS_MAX];
	unsigned int nr_calls;
	struct operand operands[OPERANDS_MAX];
	unsigned int nr_operands;
};

/**
 * struct call_type - a kind of call
 * @name:   for show()
 * @values: number of values that it takes
 * @text:   it takes a text
 * @rare:   it is slow, or the kernel keeps memory that it allocates, so it is made
 *	    once in this number of times; 0: always
 * @run:    make the call
 */
struct call_type {
	const char *name;
	unsigned int values;
	bool text;
	unsigned int rare;
	void (*run)(const struct call *call);
};

extern const struct call_type call_table[];
extern const unsigned int nr_call_types;

void decode(const struct program *p, struct decoded *d);
unsigned int encode_value(__u8 *to, __u64 value);
void show(const struct decoded *d);

#endif /* PROGRAM_H */
