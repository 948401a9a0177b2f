// SPDX-License-Identifier: MIT
//
// The port to riscv64, the lp64d ABI; arch.h says what each symbol is for.
//
// A context that does not run lies on its own stack, from its stack pointer upwards:
//
//	stopped by arch_switch           s0  s1     s2   s3-s11  resume       fs0-fs11  (8 unused)
//	made by arch_first_frame         0   entry  arg  0       first_frame  0
//	stopped by arch_switch_fpu       as by arch_switch, with fcsr in the last slot
//	stopped by arch_switch_inline    s0  resume
//	made by arch_first_frame_inline  0   first_frame_inline  entry  arg
//
// A CPU takes `jr` through ra or t0 as a return; a switch goes through t2, which is none. Landing pads (Zicfilp): every
// entry opens with one, an instruction that does nothing elsewhere, and a jump through t2 needs none where it arrives.
// Shadow stacks (Zicfiss): a switch would have to change them too and does not, so this file claims neither and a
// linker then does not for the whole program; where they are on all the same, arch_guards says so.

#ifndef __riscv_float_abi_double
#error "this port is for the lp64d ABI, whose callees keep fs0 to fs11"
#endif

	.set	kept, 208
	.set	resume, 96
	.set	control, 200

	// op for s0 to s11, fop for fs0 to fs11, to the stack or from it.
	.macro	move_kept op, fop
	.set	slot, 0
	.irp	reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
	\op	\reg, slot(sp)
	.set	slot, slot + 8
	.endr
	.set	slot, resume + 8
	.irp	reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
	\fop	\reg, slot(sp)
	.set	slot, slot + 8
	.endr
	.endm

	.macro	save_kept
	addi	sp, sp, -kept
	.cfi_adjust_cfa_offset kept
	sd	ra, resume(sp)
	move_kept sd, fsd
	.set	slot, 0
	.irp	reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, ra, \
		fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
	.cfi_rel_offset \reg, slot
	.set	slot, slot + 8
	.endr
	.endm

	// All but ra, whose value goes to `to`.
	.macro	restore_kept to
	ld	\to, resume(sp)
	.cfi_register ra, \to
	move_kept ld, fld
	.irp	reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, \
		fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
	.cfi_restore \reg
	.endr
	addi	sp, sp, kept
	.cfi_adjust_cfa_offset -kept
	.endm

	// lpad 0
	.macro	landing_pad
	auipc	zero, 0
	.endm

	.macro	begin name
	.type	\name, @function
	.balign	4
\name:
	.cfi_startproc
	landing_pad
	.endm

	.macro	export name
	.globl	\name
	begin	\name
	.endm

	// What only ever runs at the bottom of a stack: it has no caller, so a backtrace ends here. It starts at
	// .Lname, after a nop, because an unwinder looks up the byte before a resume address.
	.macro	begin_bottom name
	.type	\name, %function
	.cfi_startproc
	.cfi_undefined ra
\name:
	nop
.L\name:
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	.balign	64

// arch_missing()
	export	arch_missing
	li	a0, 0
	ret
	end	arch_missing

// arch_guards()	prctl(PR_GET_SHADOW_STACK_STATUS): bit 0 of the word is PR_SHADOW_STACK_ENABLE. EINVAL: a kernel without
	export	arch_guards
	addi	sp, sp, -16
	.cfi_adjust_cfa_offset 16
	li	a0, 74
	mv	a1, sp
	li	a2, 0
	li	a3, 0
	li	a4, 0
	li	a7, 167
	ecall
	ld	a1, 0(sp)
	addi	sp, sp, 16
	.cfi_adjust_cfa_offset -16
	bnez	a0, 1f
	andi	a0, a1, 1
	ret
1:	li	a0, 0
	ret
	end	arch_guards

// -- switching

// arch_switch(save_sp, load_sp)	not saved: fcsr, signal mask, gp, tp, vector registers and their state
//             a0       a1
// The offsets that the unwinder is told hold on both stacks, since both have the same frame on top.
	.balign	64
	export	arch_switch
	save_kept
	sd	sp, 0(a0)
	mv	sp, a1
	restore_kept t2
	// not `ret`: the return predictor knows the stack that we just left
	jr	t2
	end	arch_switch

// arch_switch_ret(save_sp, load_sp)	not saved: as above
//                 a0       a1
	.balign	64
	export	arch_switch_ret
	save_kept
	sd	sp, 0(a0)
	mv	sp, a1
	restore_kept ra
	ret
	end	arch_switch_ret

// arch_switch_fpu(save_sp, load_sp)	not saved: signal mask, gp, tp, vector registers and their state
//                 a0       a1
// fcsr goes as a whole, its sticky flags with it.
	.balign	64
	export	arch_switch_fpu
	save_kept
	frcsr	a2
	sd	a2, control(sp)
	sd	sp, 0(a0)
	mv	sp, a1
	ld	a2, control(sp)
	fscsr	a2
	restore_kept t2
	jr	t2
	end	arch_switch_fpu

// arch_first_frame(top, entry, arg)	the frame that arch_switch loads; sp after it is `top`, aligned
//                  a0   a1     a2
// first_frame           s1     s2
	.balign	64
	export	arch_first_frame
	andi	a0, a0, -16
	addi	a0, a0, -kept
	lla	a3, .Lfirst_frame
	.set	slot, 0
	.rept	kept / 8
	sd	zero, slot(a0)
	.set	slot, slot + 8
	.endr
	sd	a1, 8(a0)
	sd	a2, 16(a0)
	sd	a3, resume(a0)
	ret
	end	arch_first_frame

// arch_first_frame_fpu(top, entry, arg)	the same with the control word that its maker has now
//                      a0   a1     a2
	export	arch_first_frame_fpu
	mv	a5, ra
	.cfi_register ra, a5
	call	arch_first_frame
	frcsr	a4
	sd	a4, control(a0)
	mv	ra, a5
	.cfi_restore ra
	ret
	end	arch_first_frame_fpu

	begin_bottom first_frame
	mv	a0, s2
	jalr	s1
	unimp
	end	first_frame

// arch_first_frame_inline(top, entry, arg)	the frame that inline/riscv64.h loads, and what first_frame_inline loads
//                         a0   a1     a2
// first_frame_inline           (sp)   8(sp)
	export	arch_first_frame_inline
	andi	a0, a0, -16
	addi	a0, a0, -32
	lla	a3, .Lfirst_frame_inline
	sd	zero, 0(a0)
	sd	a3, 8(a0)
	sd	a1, 16(a0)
	sd	a2, 24(a0)
	ret
	end	arch_first_frame_inline

	begin_bottom first_frame_inline
	ld	a1, 0(sp)
	ld	a0, 8(sp)
	addi	sp, sp, 16
	jalr	a1
	unimp
	end	first_frame_inline

// -- the kernel

// arch_syscall(number, a,  b,  c,  d,  e,  f)	not saved: nothing, and the kernel changes a0 only
//              a0      a1  a2  a3  a4  a5  a6
// ecall        a7      a0  a1  a2  a3  a4  a5
	.macro	system_call
	mv	a7, a0
	mv	a0, a1
	mv	a1, a2
	mv	a2, a3
	mv	a3, a4
	mv	a4, a5
	mv	a5, a6
	ecall
	.endm

	.balign	64
	export	arch_syscall
	system_call
	ret
	end	arch_syscall

	export	arch_untrapped
	system_call
	.globl	arch_untrapped_ip
arch_untrapped_ip:
	ret
	end	arch_untrapped

// arch_clone(flags, top, entry, arg, child_tid)	not set: parent_tid, tls (the child keeps its parent's)
//            a0     a1   a2     a3   a4
// clone      a0     a1                a4		a2=0, a3=0
// child                  (sp)   8(sp)
	export	arch_clone
	andi	a1, a1, -16
	addi	a1, a1, -16
	sd	a2, 0(a1)
	sd	a3, 8(a1)
	li	a2, 0
	li	a3, 0
	li	a7, 220
	ecall
	beqz	a0, .Lclone_child
	ret
	end	arch_clone

// arch_clone3(args, size, entry, arg)	entry and arg wait in registers that the kernel hands on to the child
//             a0    a1    a2     a3
	export	arch_clone3
	li	a7, 435
	ecall
	beqz	a0, .Lclone3_child
	ret
	end	arch_clone3

	begin_bottom clone3_child
	li	s0, 0
	mv	a0, a3
	jalr	a2
	li	a0, 0
	li	a7, 93
	ecall
	unimp
	end	clone3_child

	begin_bottom clone_child
	li	s0, 0
	ld	a1, 0(sp)
	ld	a0, 8(sp)
	addi	sp, sp, 16
	jalr	a1
	// exit(2), not exit_group: it ends this task only
	li	a0, 0
	li	a7, 93
	ecall
	unimp
	end	clone_child

// -- time

// arch_ticks()
	.balign	64
	export	arch_ticks
	rdtime	a0
	ret
	end	arch_ticks

// arch_loaded()	the counter is a device's: input
	.balign	64
	export	arch_loaded
	fence	r, ir
	ret
	end	arch_loaded

// arch_chain(n)	register to register: some CPUs fold a chain of additions of a constant
//            a0
	.balign	64
	export	arch_chain
	li	a1, 64
	li	a2, 1
	beqz	a0, 2f
	.balign	64
1:	.rept	64
	add	a3, a3, a2
	.endr
	mv	a4, a0
	addi	a0, a0, -64
	bltu	a1, a4, 1b
2:	ret
	end	arch_chain

// arch_burst(n)	no instruction waits for another
//            a0
	.balign	64
	export	arch_burst
	li	a1, 64
	beqz	a0, 2f
	.balign	64
1:	.rept	8
	.irp	reg, t0, t1, t2, t3, t4, t5, t6, a5
	add	\reg, a2, a3
	.endr
	.endr
	mv	a4, a0
	addi	a0, a0, -64
	bltu	a1, a4, 1b
2:	ret
	end	arch_burst

// -- floating point. fcsr is the rounding direction (frm) and the sticky flags; Linux gives a new program a zero.

// arch_fp_clean()
	export	arch_fp_clean
	fscsr	zero
	ret
	end	arch_fp_clean

// arch_fp_rounding()
	export	arch_fp_rounding
	frrm	a0
	ret
	end	arch_fp_rounding

// arch_fp_set_rounding(direction)
//                      a0
	export	arch_fp_set_rounding
	andi	a0, a0, 3
	fsrm	a0
	ret
	end	arch_fp_set_rounding

// -- conformance

// arch_clobbered(call, arg, seed)	not checked: sp (there would be no way back), ra (a call changes it)
//                a0    a1   a2
// call           a5    a0   (sp)
// Register k of those kept gets seed + k * step; an odd step makes all of them different.
	.set	step, 0x9e3779b97f4a7c15

	export	arch_clobbered
	save_kept
	addi	sp, sp, -16
	.cfi_adjust_cfa_offset 16
	sd	a2, 0(sp)
	// fill
	mv	a5, a0
	mv	a0, a1
	li	a3, step
	.irp	reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
	add	a2, a2, a3
	mv	\reg, a2
	.endr
	.irp	reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
	add	a2, a2, a3
	fmv.d.x	\reg, a2
	.endr
	jalr	a5
	// count
	ld	a2, 0(sp)
	addi	sp, sp, 16
	.cfi_adjust_cfa_offset -16
	li	a3, step
	li	a0, 0
	.irp	reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
	add	a2, a2, a3
	xor	a4, \reg, a2
	snez	a4, a4
	add	a0, a0, a4
	.endr
	.irp	reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
	add	a2, a2, a3
	fmv.x.d	a4, \reg
	xor	a4, a4, a2
	snez	a4, a4
	add	a0, a0, a4
	.endr
	restore_kept ra
	ret
	end	arch_clobbered

	.section .note.GNU-stack, "", @progbits
