// SPDX-License-Identifier: MIT
//
// The registers of aarch64 in sets; state.h says what each symbol is for, aarch64.h which register is where.

	.arch	armv8.2-a+sve

	.macro	export name
	.globl	\name
	.type	\name, %function
\name:
	.cfi_startproc
	hint	#34
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	// those that a callee need not keep, those that it must in part
	.macro	for_each_free op:vararg
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	\n
	.endr
	.endm

	.macro	for_each op:vararg
	for_each_free \op
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	\op	\n
	.endr
	.endm

	.macro	for_each_predicate op:vararg
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op	\n
	.endr
	.endm

	.text

// state_clean()	Linux always saves V0 to V31: nothing less is to be had
	.macro	zero n
	movi	v\n\().2d, #0
	.endm

	export	state_clean
	for_each_free zero
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret
	end	state_clean

// state_stick()	FPSR bit 4: inexact
	export	state_stick
	mrs	x0, fpsr
	orr	x0, x0, #16
	msr	fpsr, x0
	ret
	end	state_stick

// -- fp
	.macro	write_v n
	movi	v\n\().16b, #0xff
	.endm
	.macro	load_v n
	ldr	q\n, [x0, #\n * 16]
	.endm
	.macro	store_v n
	str	q\n, [x0, #\n * 16]
	.endm
	.set	control, 32 * 16

	.balign	64
	export	state_write_fp
	for_each_free write_v
	ret
	end	state_write_fp

	export	state_load_fp
	for_each load_v
	add	x0, x0, #control
	ldp	x1, x2, [x0]
	msr	fpcr, x1
	msr	fpsr, x2
	ret
	end	state_load_fp

// The control words as they were at first: what is left of them is everybody's.
	export	state_store_fp
	for_each store_v
	mrs	x1, fpcr
	mrs	x2, fpsr
	add	x0, x0, #control
	stp	x1, x2, [x0]
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret
	end	state_store_fp

// -- sve: Z0 to Z31, P0 to P15 behind them
	.macro	write_z n
	mov	z\n\().b, #-1
	.endm
	.macro	load_z n
	ldr	z\n, [x0, #\n, mul vl]
	.endm
	.macro	store_z n
	str	z\n, [x0, #\n, mul vl]
	.endm
	.macro	write_p n
	ptrue	p\n\().b
	.endm
	.macro	load_p n
	ldr	p\n, [x1, #\n, mul vl]
	.endm
	.macro	store_p n
	str	p\n, [x1, #\n, mul vl]
	.endm

	.balign	64
	export	state_write_sve
	for_each_free write_z
	for_each_predicate write_p
	ret
	end	state_write_sve

	.macro	after_z
	addvl	x1, x0, #31
	addvl	x1, x1, #1
	.endm

	export	state_load_sve
	after_z
	for_each load_z
	for_each_predicate load_p
	ret
	end	state_load_sve

	export	state_store_sve
	after_z
	for_each store_z
	for_each_predicate store_p
	ret
	end	state_store_sve

// state_bytes_sve()	32 vectors, and 16 predicates of a bit a byte
	export	state_bytes_sve
	rdvl	x0, #17
	lsl	x0, x0, #1
	ret
	end	state_bytes_sve

// -- values in all registers

// state_hold_*(from, to, load, store)	not held: sp, pc, flags
//              x0    x1  x2    x3
// in between   from, to and store at hold_from and up; `general` is in the order of aarch64.h
	.set	set, 256
	.set	hold_from, 160
	.set	hold_to, 168
	.set	hold_store, 176
	.set	hold_last, 184
	.set	hold_bytes, 192

	.macro	kept op
	\op	x19, x20, [sp]
	\op	x21, x22, [sp, #16]
	\op	x23, x24, [sp, #32]
	\op	x25, x26, [sp, #48]
	\op	x27, x28, [sp, #64]
	\op	x29, x30, [sp, #80]
	\op	d8, d9, [sp, #96]
	\op	d10, d11, [sp, #112]
	\op	d12, d13, [sp, #128]
	\op	d14, d15, [sp, #144]
	.endm

	.macro	general op
	\op	x0, x1, [x30]
	\op	x2, x3, [x30, #16]
	\op	x4, x5, [x30, #32]
	\op	x6, x7, [x30, #48]
	\op	x8, x9, [x30, #64]
	\op	x10, x11, [x30, #80]
	\op	x12, x13, [x30, #96]
	\op	x14, x15, [x30, #112]
	\op	x16, x17, [x30, #128]
	\op	x18, x19, [x30, #144]
	\op	x20, x21, [x30, #160]
	\op	x22, x23, [x30, #176]
	\op	x24, x25, [x30, #192]
	\op	x26, x27, [x30, #208]
	\op	x28, x29, [x30, #224]
	.endm

	.macro	hold name, event:vararg
	export	\name
	sub	sp, sp, #hold_bytes
	.cfi_adjust_cfa_offset hold_bytes
	kept	stp
	.cfi_rel_offset x29, 80
	.cfi_rel_offset x30, 88
	stp	x0, x1, [sp, #hold_from]
	str	x3, [sp, #hold_store]
	add	x0, x0, #set
	blr	x2
	ldr	x30, [sp, #hold_from]
	general	ldp
	ldr	x30, [x30, #240]
	\event
	str	x30, [sp, #hold_last]
	ldr	x30, [sp, #hold_to]
	general	stp
	ldr	x0, [sp, #hold_last]
	str	x0, [x30, #240]
	add	x0, x30, #set
	ldr	x3, [sp, #hold_store]
	blr	x3
	kept	ldp
	add	sp, sp, #hold_bytes
	.cfi_adjust_cfa_offset -hold_bytes
	.cfi_restore x29
	.cfi_restore x30
	ret
	end	\name
	.endm

	.macro	spin
	adrp	x16, state_stop
1:	ldr	w17, [x16, :lo12:state_stop]
	cbz	w17, 1b
	.endm

	hold	state_hold_spin, spin
	hold	state_hold_call, svc #0
	hold	state_hold_switch, bl arch_switch

	.bss
	.globl	state_stop
	.type	state_stop, %object
	.size	state_stop, 4
	.balign	4
state_stop: .word 0

	.section .note.GNU-stack, "", %progbits
