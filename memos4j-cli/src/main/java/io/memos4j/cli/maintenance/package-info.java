/** Commands on background tasks, aging, backups and checks. */
@NullMarked
package io.memos4j.cli.maintenance;

import org.jspecify.annotations.NullMarked;
