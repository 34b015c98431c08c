/** Commands on principals, API keys, grants and the audit log of a server. */
@NullMarked
package io.memos4j.cli.admin;

import org.jspecify.annotations.NullMarked;
