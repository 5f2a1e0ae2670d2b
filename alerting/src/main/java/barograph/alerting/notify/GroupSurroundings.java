package barograph.alerting.notify;

import barograph.alerting.state.Ledger;
import java.util.concurrent.locks.ReentrantLock;

/// What all groups share.
///
/// @param log what was told
/// @param muting what is not to be told
/// @param restart what is special about the time after a restart
/// @param lock guards all of this and the groups
record GroupSurroundings(
    NotifyPorts ports,
    NotificationLog log,
    Muting muting,
    Ledger ledger,
    Restart restart,
    ReentrantLock lock) {}
