// SPDX-License-Identifier: MIT
//
// The registers of x86_64 in sets; state.h says what each symbol is for, x86_64.h which register is where.

	.macro export name
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
	endbr64
	.endm

	.macro end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro for_each_xmm op:vararg
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op	\n
	.endr
	.endm

	.macro for_each_zmm op:vararg
	for_each_xmm \op
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	\n
	.endr
	.endm

	.macro for_each_mask op:vararg
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	\op	\n
	.endr
	.endm

	.text

// state_clean()	XRSTOR of an empty image, whose MXCSR alone is looked at; without XSAVE by hand
// Not PKRU, whose initial state forbids nothing, and not AMX, which a process must have asked for.
	.set	cleaned, 0xe7

	.macro	zero n
	pxor	%xmm\n, %xmm\n
	.endm

	export	state_clean
	cmpb	$1, xsave(%rip)
	je	2f
	ja	1f
	// a virtual machine leaves itself for CPUID: once is enough
	push	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	mov	$1, %eax
	cpuid
	pop	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	bt	$27, %ecx
	setnc	%al
	inc	%al
	mov	%al, xsave(%rip)
	jmp	state_clean
1:	fninit
	ldmxcsr	empty + 24(%rip)
	for_each_xmm zero
	ret
2:	mov	$cleaned, %eax
	xor	%edx, %edx
	xrstor	empty(%rip)
	ret
	end	state_clean

// state_stick()	MXCSR bit 5: inexact
	export	state_stick
	stmxcsr	-4(%rsp)
	orl	$0x20, -4(%rsp)
	ldmxcsr	-4(%rsp)
	ret
	end	state_stick

// -- fp. The x87's stack is empty again afterwards, as a caller expects, and yet not as it was.

	.macro	write_xmm n
	pcmpeqd	%xmm\n, %xmm\n
	.endm
	.macro	load_xmm n
	movups	\n * 16(%rdi), %xmm\n
	.endm
	.macro	store_xmm n
	movups	%xmm\n, \n * 16(%rdi)
	.endm
	.macro	load_x87 n
	fldt	16 * 16 + \n * 10(%rdi)
	.endm
	.macro	store_x87 n
	fstpt	16 * 16 + (7 - \n) * 10(%rdi)
	.endm
	.set	control, 16 * 16 + 8 * 10

	.balign	64
	export	state_write_fp
	fldpi
	fstp	%st(0)
	for_each_xmm write_xmm
	ret
	end	state_write_fp

	export	state_load_fp
	for_each_xmm load_xmm
	fninit
	for_each_mask load_x87
	ldmxcsr	control(%rdi)
	fldcw	control + 4(%rdi)
	ret
	end	state_load_fp

// The control words as they were at first: what is left of them is everybody's.
	export	state_store_fp
	for_each_xmm store_xmm
	stmxcsr	control(%rdi)
	fnstcw	control + 4(%rdi)
	for_each_mask store_x87
	ldmxcsr	empty + 24(%rip)
	fninit
	ret
	end	state_store_fp

// -- avx: the first of its instructions that gives all ones

	.macro	write_ymm n
	vcmpps	$15, %ymm\n, %ymm\n, %ymm\n
	.endm
	.macro	load_ymm n
	vmovups	\n * 32(%rdi), %ymm\n
	.endm
	.macro	store_ymm n
	vmovups	%ymm\n, \n * 32(%rdi)
	.endm

	.balign	64
	export	state_write_avx
	for_each_xmm write_ymm
	ret
	end	state_write_avx

	export	state_load_avx
	for_each_xmm load_ymm
	ret
	end	state_load_avx

	export	state_store_avx
	for_each_xmm store_ymm
	vzeroupper
	ret
	end	state_store_avx

// -- avx512

	.macro	write_zmm n
	vpternlogd $0xff, %zmm\n, %zmm\n, %zmm\n
	.endm
	.macro	load_zmm n
	vmovups	\n * 64(%rdi), %zmm\n
	.endm
	.macro	store_zmm n
	vmovups	%zmm\n, \n * 64(%rdi)
	.endm
	.macro	write_mask n
	kxnorw	%k\n, %k\n, %k\n
	.endm
	.macro	load_mask n
	kmovw	32 * 64 + \n * 2(%rdi), %k\n
	.endm
	.macro	store_mask n
	kmovw	%k\n, 32 * 64 + \n * 2(%rdi)
	.endm

	.balign	64
	export	state_write_avx512
	for_each_zmm write_zmm
	for_each_mask write_mask
	ret
	end	state_write_avx512

	export	state_load_avx512
	for_each_zmm load_zmm
	for_each_mask load_mask
	ret
	end	state_load_avx512

	export	state_store_avx512
	for_each_zmm store_zmm
	for_each_mask store_mask
	vzeroupper
	ret
	end	state_store_avx512

// -- amx: eight tiles of 16 rows of 64 bytes

	.macro	load_tile n
	lea	\n * 1024(%rdi), %rax
	tileloadd (%rax, %rcx), %tmm\n
	.endm
	.macro	store_tile n
	lea	\n * 1024(%rdi), %rax
	tilestored %tmm\n, (%rax, %rcx)
	.endm
	.macro	write_tile n
	tileloadd (%rax, %rcx), %tmm\n
	.endm

	export	state_begin_amx
	ldtilecfg tiles(%rip)
	ret
	end	state_begin_amx

	.balign	64
	export	state_write_amx
	lea	tile(%rip), %rax
	mov	$64, %ecx
	for_each_mask write_tile
	ret
	end	state_write_amx

	export	state_load_amx
	ldtilecfg tiles(%rip)
	mov	$64, %ecx
	for_each_mask load_tile
	ret
	end	state_load_amx

	export	state_store_amx
	mov	$64, %ecx
	for_each_mask store_tile
	tilerelease
	ret
	end	state_store_amx

// -- values in all registers

// state_hold_*(from, to,  load, store)		not held: rsp, rip, flags
//              rdi   rsi  rdx   rcx
// in between   0(%rsp) from, 8 store, 16 to; `general` is in the order of x86_64.h
	.set	set, 256

	.macro	hold name, event:vararg
	export	\name
	.irp	reg, %rbp, %rbx, %r12, %r13, %r14, %r15
	push	\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
	.endr
	push	%rsi
	push	%rcx
	push	%rdi
	.cfi_adjust_cfa_offset 24
	add	$set, %rdi
	call	*%rdx
	mov	(%rsp), %r15
	.set	slot, 0
	.irp	reg, %rax, %rcx, %rdx, %rbx, %rsi, %rdi, %rbp, %r8, %r9, %r10, %r11, %r12, %r13, %r14, %r15
	mov	slot(%r15), \reg
	.set	slot, slot + 8
	.endr
	\event
	push	%r15
	mov	24(%rsp), %r15
	.set	slot, 0
	.irp	reg, %rax, %rcx, %rdx, %rbx, %rsi, %rdi, %rbp, %r8, %r9, %r10, %r11, %r12, %r13, %r14
	mov	\reg, slot(%r15)
	.set	slot, slot + 8
	.endr
	popq	slot(%r15)
	lea	set(%r15), %rdi
	call	*8(%rsp)
	add	$24, %rsp
	.cfi_adjust_cfa_offset -24
	.irp	reg, %r15, %r14, %r13, %r12, %rbx, %rbp
	pop	\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
	.endr
	ret
	end	\name
	.endm

	.macro	spin
1:	pause
	cmpl	$0, state_stop(%rip)
	je	1b
	.endm

	hold	state_hold_spin, spin
	hold	state_hold_call, syscall
	hold	state_hold_switch, call arch_switch@PLT

	.section .rodata
// an XSAVE image: nothing in it but MXCSR, at byte 24
	.balign	64
empty:	.fill	24, 1, 0
	.long	0x1f80
	.fill	576 - 28, 1, 0
// palette 1; at byte 16 the bytes a row, at byte 48 the rows of each tile
	.balign	64
tiles:	.byte	1
	.fill	15, 1, 0
	.fill	8, 2, 64
	.fill	16, 1, 0
	.fill	8, 1, 16
	.fill	8, 1, 0
tile:	.fill	1024, 1, 0xa5

	.bss
	.globl	state_stop
	.type	state_stop, @object
	.size	state_stop, 4
	.balign	4
state_stop: .long 0
xsave:	.byte	0		// 1: the kernel has it on, 2: it has not, 0: not asked yet

	.section .note.GNU-stack, "", @progbits

// GNU_PROPERTY_X86_FEATURE_1_AND: branch tracking (1), no shadow stack (2)
	.section .note.gnu.property, "a", @note
	.balign	8
	.long	4, 16, 5
	.asciz	"GNU"
	.long	0xc0000002, 4, 1, 0
