/**
 * Who: callers (internal services), tenants (customers), and the HighLevel app and location or company that a tenant
 * stands for. Knows nothing of HTTP, budgets or tokens, and of this project imports {@code digest} alone.
 */
@NullMarked
package io.ghlgateway.tenancy;

import org.jspecify.annotations.NullMarked;
