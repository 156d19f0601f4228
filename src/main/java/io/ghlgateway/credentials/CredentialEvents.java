package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.Route;
import java.util.Set;

/** What happens to credentials, for those who count and log it. Any thread; must not block. No call carries a token. */
public interface CredentialEvents {

    /** A new access token is here, by a refresh token or, if {@code minted}, out of the company's. */
    void renewed(InstallationKey key, boolean minted);

    /** A renewal came to nothing this time, and will be tried again. */
    void renewalFailed(InstallationKey key, String why);

    /** A lost refresh token was replaced without its customer. */
    void reconnected(InstallationKey key);

    /** Its customer must install the app again: somebody must act. */
    void lost(InstallationKey key, String why);

    /** A new token is not yet where it must be kept, and that is tried again. */
    void notKept(InstallationKey key, String why);

    /** A request asks for an operation of whose scopes the installation lacks these; called for each such request. */
    void scopeMissing(InstallationKey key, Route route, Set<String> missing);

    /** A record cannot be read; it is left as it is. */
    void unreadable(RecordName name, String why);

    /** A tenant or caller that was made at run time has an id or a name that the configuration has too, and is not in force. */
    default void overruled(RecordName name) {}

    /** The store did not answer when it was asked for changes; asked again soon. */
    void storeUnreachable(String why);
}
