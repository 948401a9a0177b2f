// SPDX-License-Identifier: MIT
//
// The registers of riscv64 in sets; state.h says what each symbol is for, riscv64.h which register is where.

	.macro	export name
	.globl	\name
	.type	\name, @function
	.balign	4
\name:
	.cfi_startproc
	// a landing pad, which does nothing elsewhere
	auipc	zero, 0
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	// those that a callee need not keep, those that it must
	.macro	for_each_free op:vararg
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
	\op	\n
	.endr
	.endm

	.macro	for_each op:vararg
	for_each_free \op
	.irp	n, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	\op	\n
	.endr
	.endm

	.text

// state_clean()	vector registers are given up by the next system call, and by nothing else
	.macro	zero n
	fmv.d.x	f\n, zero
	.endm

	export	state_clean
	for_each_free zero
	fscsr	zero
	ret
	end	state_clean

// state_stick()	fflags bit 0: inexact
	export	state_stick
	csrsi	fflags, 1
	ret
	end	state_stick

// -- fp
	.macro	write_f n
	fmv.d.x	f\n, a0
	.endm
	.macro	load_f n
	fld	f\n, \n * 8(a0)
	.endm
	.macro	store_f n
	fsd	f\n, \n * 8(a0)
	.endm
	.set	control, 32 * 8

	.balign	64
	export	state_write_fp
	li	a0, -1
	for_each_free write_f
	ret
	end	state_write_fp

	export	state_load_fp
	for_each load_f
	ld	a1, control(a0)
	fscsr	a1
	ret
	end	state_load_fp

// The control word as it was at first: what is left of it is everybody's.
	export	state_store_fp
	for_each store_f
	frcsr	a1
	sd	a1, control(a0)
	fscsr	zero
	ret
	end	state_store_fp

// -- v: by eights. In numbers, bits 7 to 11 of which are the register: an assembler that knows the extension would mark
// the whole program as one that needs it, and not every one knows it.
	.set	vlenb, 0xc22
	.set	vsetvli_a0_zero_e8_m8_ta_ma, 0x0c307557
	.set	vmv_v_i_minus_1, 0x5e0fb057
	.set	vl8re8_v_a0, 0xe2850007
	.set	vs8r_v_a0, 0xe2850027

	.balign	64
	export	state_write_v
	.4byte	vsetvli_a0_zero_e8_m8_ta_ma
	.irp	n, 0, 8, 16, 24
	.4byte	vmv_v_i_minus_1 + (\n << 7)
	.endr
	ret
	end	state_write_v

	.macro	eights op
	csrr	a1, vlenb
	slli	a1, a1, 3
	.irp	n, 0, 8, 16, 24
	.4byte	\op + (\n << 7)
	add	a0, a0, a1
	.endr
	.endm

	export	state_load_v
	eights	vl8re8_v_a0
	ret
	end	state_load_v

	export	state_store_v
	eights	vs8r_v_a0
	ret
	end	state_store_v

// state_bytes_v()
	export	state_bytes_v
	csrr	a0, vlenb
	slli	a0, a0, 5
	ret
	end	state_bytes_v

// -- values in all registers

// state_hold_*(from, to, load, store)	not held: sp, pc, gp, tp
//              a0    a1  a2    a3
// in between   from, to and store at hold_from and up; `general` is in the order of riscv64.h
	.set	set, 256
	.set	hold_from, 200
	.set	hold_to, 208
	.set	hold_store, 216
	.set	hold_last, 224
	.set	hold_bytes, 240

	.macro	kept op, fop
	\op	ra, 0(sp)
	.set	slot, 8
	.irp	n, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	\op	x\n, slot(sp)
	\fop	f\n, slot + 96(sp)
	.set	slot, slot + 8
	.endr
	.endm

	.macro	general op
	.irp	n, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	\op	x\n, \n * 8(t6)
	.endr
	.endm

	.macro	hold name, event:vararg
	export	\name
	addi	sp, sp, -hold_bytes
	.cfi_adjust_cfa_offset hold_bytes
	kept	sd, fsd
	.cfi_rel_offset ra, 0
	sd	a0, hold_from(sp)
	sd	a1, hold_to(sp)
	sd	a3, hold_store(sp)
	addi	a0, a0, set
	jalr	a2
	ld	t6, hold_from(sp)
	general	ld
	ld	t6, 248(t6)
	\event
	sd	t6, hold_last(sp)
	ld	t6, hold_to(sp)
	general	sd
	ld	t0, hold_last(sp)
	sd	t0, 248(t6)
	addi	a0, t6, set
	ld	a3, hold_store(sp)
	jalr	a3
	kept	ld, fld
	addi	sp, sp, hold_bytes
	.cfi_adjust_cfa_offset -hold_bytes
	.cfi_restore ra
	ret
	end	\name
	.endm

	.macro	spin
	lla	t5, state_stop
1:	lw	t6, 0(t5)
	beqz	t6, 1b
	.endm

	hold	state_hold_spin, spin
	hold	state_hold_call, ecall
	hold	state_hold_switch, call arch_switch

	.bss
	.globl	state_stop
	.type	state_stop, @object
	.size	state_stop, 4
	.balign	4
state_stop: .word 0

	.section .note.GNU-stack, "", @progbits
