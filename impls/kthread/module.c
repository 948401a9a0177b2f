// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The character device: whoever may open it, one session a descriptor, and nothing goes in unchecked. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "session.h"

static int device_open(struct inode *inode, struct file *file)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	file->private_data = session_new();
	return file->private_data ? 0 : -ENOMEM;
}

/* The last descriptor: no call is under way, and until this returns the module can't be removed. */
static int device_release(struct inode *inode, struct file *file)
{
	session_free(file->private_data);
	return 0;
}

static bool ends(const char *name, size_t size)
{
	return strnlen(name, size) < size;
}

static long call_open(struct session *s, void __user *from)
{
	struct ctxbench_open o;

	if (copy_from_user(&o, from, sizeof(o)))
		return -EFAULT;
	if (o.protocol != CTXBENCH_PROTOCOL || o.bytes != sizeof(o))
		return -EPROTO;
	if (!ends(o.wait, sizeof(o.wait)) || !ends(o.job, sizeof(o.job)) || !ends(o.variant, sizeof(o.variant)))
		return -EINVAL;
	return session_open(s, &o);
}

static long call_loop(struct session *s, void __user *from)
{
	__u64 turns;

	if (copy_from_user(&turns, from, sizeof(turns)))
		return -EFAULT;
	return session_loop(s, turns);
}

static long call_check(struct session *s, void __user *both)
{
	struct ctxbench_check c;
	int error;

	if (copy_from_user(&c, both, sizeof(c)))
		return -EFAULT;
	if (c.protocol != CTXBENCH_PROTOCOL || c.bytes != sizeof(c))
		return -EPROTO;
	if (!ends(c.wait, sizeof(c.wait)) || !ends(c.check, sizeof(c.check)))
		return -EINVAL;
	memset(c.wrong, 0, sizeof(c.wrong));
	error = session_check(s, &c);
	if (!error && copy_to_user(both, &c, sizeof(c)))
		error = -EFAULT;
	return error;
}

static long call_tasks(struct session *s, void __user *to)
{
	struct ctxbench_tasks t;
	int error = session_tasks(s, &t);

	return error ? error : copy_to_user(to, &t, sizeof(t)) ? -EFAULT : 0;
}

static long call_counts(struct session *s, void __user *to)
{
	struct ctxbench_counts c;
	int error = session_counts(s, &c);

	return error ? error : copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

static long call(struct session *s, unsigned int number, void __user *arg)
{
	switch (number) {
	case CTXBENCH_HELLO:
		return put_user(CTXBENCH_PROTOCOL, (__u32 __user *)arg);
	case CTXBENCH_OPEN:
		return call_open(s, arg);
	case CTXBENCH_LOOP:
		return call_loop(s, arg);
	case CTXBENCH_SETTLE:
		return session_settle(s);
	case CTXBENCH_CLOSE:
		return session_close(s);
	case CTXBENCH_CHECK:
		return call_check(s, arg);
	case CTXBENCH_TASKS_NOW:
		return call_tasks(s, arg);
	case CTXBENCH_COUNTS:
		return call_counts(s, arg);
	default:
		return -ENOTTY;
	}
}

static long device_ioctl(struct file *file, unsigned int number, unsigned long arg)
{
	struct session *s = file->private_data;
	long answer;

	if (mutex_lock_interruptible(&s->lock))
		return -EINTR;
	answer = call(s, number, (void __user *)arg);
	mutex_unlock(&s->lock);
	return answer;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = CTXBENCH_DEVICE,
	.fops = &operations,
	.mode = 0600,
};

module_misc_device(device);
MODULE_DESCRIPTION("Context switches between kernel threads, timed by ctxbench");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(CTXBENCH_VERSION);
