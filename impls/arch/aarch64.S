// SPDX-License-Identifier: MIT
//
// The port to aarch64, AAPCS64; arch.h says what each symbol is for.
//
// A context that does not run lies on its own stack, from its stack pointer upwards:
//
//	stopped by arch_switch           x19    x20  x21-x28  x29  resume       d8-d15
//	made by arch_first_frame         entry  arg  0        0    first_frame  0
//	stopped by arch_switch_fpu       FPCR, 0, then as by arch_switch
//	stopped by arch_switch_inline    x29    resume
//	made by arch_first_frame_inline  0      first_frame_inline  entry  arg
//
// Branch target identification: every entry opens with `bti c` (hint 34) and where a stack begins is `bti j` (hint 36).
// But arch_switch branches to a return address, which has no marker, so this file does not claim them and a linker
// then does not for the whole program; where it was made to, arch_guards says so. A `ret` is not checked: arch_switch_ret
// goes where it is guarded, and the inline switch marks where it resumes.
// Guarded control stack: a switch would have to change it too and does not; arch_guards says where it is on.
// Pointer authentication: who calls a switch has signed its own return address with its own stack pointer, and has the
// same pointer and the same key, which is its process's, when it goes on. The address that lies in the frames above
// is not signed, since it never comes back through an authenticating return.

	.set	kept, 160

	// Registers x19 to x30 and d8 to d15, to the stack or from it.
	.macro	move_kept op
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

	.macro	save_kept
	sub	sp, sp, #kept
	.cfi_adjust_cfa_offset kept
	move_kept stp
	.set	slot, 0
	.irp	reg, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, d8, d9, d10, d11, d12, d13, d14, d15
	.cfi_rel_offset \reg, slot
	.set	slot, slot + 8
	.endr
	.endm

	.macro	restore_kept
	move_kept ldp
	.irp	reg, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, d8, d9, d10, d11, d12, d13, d14, d15
	.cfi_restore \reg
	.endr
	add	sp, sp, #kept
	.cfi_adjust_cfa_offset -kept
	.endm

	.macro	begin name
	.type	\name, %function
\name:
	.cfi_startproc
	hint	#34
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
	.cfi_undefined x30
\name:
	nop
.L\name:
	hint	#36
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	.balign	64

// arch_missing()
	export	arch_missing
	mov	x0, xzr
	ret
	end	arch_missing

// arch_guards()	prctl(PR_GET_SHADOW_STACK_STATUS): bit 0 of the word is PR_SHADOW_STACK_ENABLE. EINVAL: a kernel without.
// And bit 0 of GNU_PROPERTY_AARCH64_FEATURE_1_AND, the first of the properties in this program's own note: the kernel
// or its loader then guards our pages. The note lies where its offset in the file says, beside the ELF header.
	.set	PT_GNU_PROPERTY, 0x6474e553
	.set	FEATURE_1_AND, 0xc0000000
	.hidden	__ehdr_start

	export	arch_guards
	sub	sp, sp, #16
	mov	x0, #74
	mov	x1, sp
	mov	x2, xzr
	mov	x3, xzr
	mov	x4, xzr
	mov	x8, #167
	svc	#0
	mov	x9, x0
	ldr	x0, [sp], #16
	and	x0, x0, #1
	cmp	x9, #0
	csel	x0, x0, xzr, eq
	// x1 header, x2 program header, w3 how many
	adrp	x1, __ehdr_start
	add	x1, x1, :lo12:__ehdr_start
	ldr	x2, [x1, #32]
	add	x2, x2, x1
	ldrh	w3, [x1, #56]
	ldr	w4, =PT_GNU_PROPERTY
1:	cbz	w3, 2f
	ldr	w5, [x2]
	cmp	w5, w4
	b.eq	3f
	ldrh	w5, [x1, #54]
	add	x2, x2, x5
	sub	w3, w3, #1
	b	1b
3:	ldr	x5, [x2, #8]
	add	x5, x5, x1
	ldr	w6, [x5, #16]
	ldr	w7, =FEATURE_1_AND
	cmp	w6, w7
	b.ne	2f
	ldr	w6, [x5, #24]
	bfi	w0, w6, #1, #1
2:	ret
	end	arch_guards

// -- switching

// arch_switch(save_sp, load_sp)	not saved: FPCR, FPSR, signal mask, TLS base, SIMD beyond d8 to d15
//             x0       x1
// The offsets that the unwinder is told hold on both stacks, since both have the same frame on top.
	.balign	64
	export	arch_switch
	save_kept
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	restore_kept
	// not `ret`: the return predictor knows the stack that we just left
	br	x30
	end	arch_switch

// arch_switch_ret(save_sp, load_sp)	not saved: as above
//                 x0       x1
	.balign	64
	export	arch_switch_ret
	save_kept
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	restore_kept
	ret
	end	arch_switch_ret

// arch_switch_fpu(save_sp, load_sp)	not saved: FPSR, signal mask, TLS base, SIMD beyond d8 to d15
//                 x0       x1
	.balign	64
	export	arch_switch_fpu
	save_kept
	mrs	x9, fpcr
	stp	x9, xzr, [sp, #-16]!
	.cfi_adjust_cfa_offset 16
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldr	x9, [sp], #16
	.cfi_adjust_cfa_offset -16
	msr	fpcr, x9
	restore_kept
	br	x30
	end	arch_switch_fpu

// arch_first_frame(top, entry, arg)	the frame that arch_switch loads; sp after it is `top`, aligned
//                  x0   x1     x2
// first_frame           x19    x20
	.balign	64
	export	arch_first_frame
	and	x0, x0, #-16
	sub	x0, x0, #kept
	adr	x9, .Lfirst_frame
	stp	x1, x2, [x0]
	.irp	slot, 16, 32, 48, 64, 96, 112, 128, 144
	stp	xzr, xzr, [x0, #\slot]
	.endr
	stp	xzr, x9, [x0, #80]
	ret
	end	arch_first_frame

// arch_first_frame_fpu(top, entry, arg)	the same below the control word that its maker has now
//                      x0   x1     x2
	export	arch_first_frame_fpu
	mov	x10, x30
	.cfi_register x30, x10
	bl	arch_first_frame
	mrs	x9, fpcr
	stp	x9, xzr, [x0, #-16]!
	mov	x30, x10
	.cfi_restore x30
	ret
	end	arch_first_frame_fpu

	begin_bottom first_frame
	mov	x0, x20
	blr	x19
	brk	#1
	end	first_frame

// arch_first_frame_inline(top, entry, arg)	the frame that inline/aarch64.h loads, and what first_frame_inline loads
//                         x0   x1     x2
// first_frame_inline           (sp)   8(sp)
	export	arch_first_frame_inline
	and	x0, x0, #-16
	adr	x9, .Lfirst_frame_inline
	stp	x1, x2, [x0, #-16]!
	stp	xzr, x9, [x0, #-16]!
	ret
	end	arch_first_frame_inline

	begin_bottom first_frame_inline
	ldp	x1, x0, [sp], #16
	blr	x1
	brk	#1
	end	first_frame_inline

// -- the kernel

// arch_syscall(number, a,  b,  c,  d,  e,  f)	not saved: nothing, and the kernel changes x0 only
//              x0      x1  x2  x3  x4  x5  x6
// svc          x8      x0  x1  x2  x3  x4  x5
	.macro	system_call
	mov	x8, x0
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	mov	x5, x6
	svc	#0
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
//            x0     x1   x2     x3   x4
// clone      x0     x1                x4		x2=0, x3=0
// child                  (sp)   8(sp)
	export	arch_clone
	and	x1, x1, #-16
	stp	x2, x3, [x1, #-16]!
	mov	x2, xzr
	mov	x3, xzr
	mov	x8, #220
	svc	#0
	cbz	x0, .Lclone_child
	ret
	end	arch_clone

// arch_clone3(args, size, entry, arg)	entry and arg wait in registers that the kernel hands on to the child
//             x0    x1    x2     x3
	export	arch_clone3
	mov	x8, #435
	svc	#0
	cbz	x0, .Lclone3_child
	ret
	end	arch_clone3

	begin_bottom clone3_child
	mov	x29, xzr
	mov	x0, x3
	blr	x2
	mov	x0, xzr
	mov	x8, #93
	svc	#0
	brk	#1
	end	clone3_child

	begin_bottom clone_child
	mov	x29, xzr
	ldp	x1, x0, [sp], #16
	blr	x1
	// exit(2), not exit_group: it ends this task only
	mov	x0, xzr
	mov	x8, #93
	svc	#0
	brk	#1
	end	clone_child

// -- time

// arch_ticks()
	.balign	64
	export	arch_ticks
	mrs	x0, cntvct_el0
	ret
	end	arch_ticks

// arch_loaded()	the counter may be read ahead of a barrier for memory alone
	.balign	64
	export	arch_loaded
	dmb	ishld
	isb
	ret
	end	arch_loaded

// arch_chain(n)	register to register: some CPUs fold a chain of additions of a constant
//            x0
	.balign	64
	export	arch_chain
	mov	x2, #1
	cbz	x0, 2f
	.balign	64
1:	.rept	64
	add	x1, x1, x2
	.endr
	subs	x0, x0, #64
	b.hi	1b
2:	ret
	end	arch_chain

// arch_burst(n)	no instruction waits for another
//            x0
	.balign	64
	export	arch_burst
	cbz	x0, 2f
	.balign	64
1:	.rept	8
	.irp	reg, x1, x2, x3, x4, x5, x6, x7, x8
	add	\reg, x9, x10
	.endr
	.endr
	subs	x0, x0, #64
	b.hi	1b
2:	ret
	end	arch_burst

// -- floating point. FPCR bits 22 and 23 are the rounding direction; Linux gives a new program two words of zeros.

// arch_fp_clean()
	export	arch_fp_clean
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret
	end	arch_fp_clean

// arch_fp_rounding()
	export	arch_fp_rounding
	mrs	x0, fpcr
	ubfx	x0, x0, #22, #2
	ret
	end	arch_fp_rounding

// arch_fp_set_rounding(direction)
//                      w0
	export	arch_fp_set_rounding
	mrs	x1, fpcr
	bfi	x1, x0, #22, #2
	msr	fpcr, x1
	ret
	end	arch_fp_set_rounding

// -- conformance

// arch_clobbered(call, arg, seed)	not checked: sp (there would be no way back), x30 (a call changes it)
//                x0    x1   x2
// call           x9    x0   (sp)
// Register k of those kept gets seed + k * step; an odd step makes all of them different.
	.set	step, 0x9e3779b97f4a7c15

	export	arch_clobbered
	save_kept
	str	x2, [sp, #-16]!
	.cfi_adjust_cfa_offset 16
	// fill
	mov	x9, x0
	mov	x0, x1
	ldr	x3, =step
	.irp	reg, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29
	add	x2, x2, x3
	mov	\reg, x2
	.endr
	.irp	reg, d8, d9, d10, d11, d12, d13, d14, d15
	add	x2, x2, x3
	fmov	\reg, x2
	.endr
	blr	x9
	// count
	ldr	x2, [sp], #16
	.cfi_adjust_cfa_offset -16
	ldr	x3, =step
	mov	x0, xzr
	.irp	reg, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29
	add	x2, x2, x3
	cmp	\reg, x2
	cinc	x0, x0, ne
	.endr
	.irp	reg, d8, d9, d10, d11, d12, d13, d14, d15
	add	x2, x2, x3
	fmov	x4, \reg
	cmp	x4, x2
	cinc	x0, x0, ne
	.endr
	restore_kept
	ret
	end	arch_clobbered

	.section .note.GNU-stack, "", %progbits
