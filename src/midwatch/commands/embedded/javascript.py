"""What mongo shell snippets do: only plain chains of known calls are read."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging, model, vocabulary, words

READS = vocabulary.of(
    """
    find findOne count countDocuments estimatedDocumentCount distinct limit sort skip pretty
    toArray explain getIndexes stats status hello isMaster ping serverStatus currentOp
    getCollection getCollectionNames getCollectionInfos getDBs getSiblingDB getName version
    dataSize totalSize storageSize totalIndexSize printReplicationInfo
    printSecondaryReplicationInfo printSlaveReplicationInfo conf config getReplicationInfo
    getUsers getUser getRoles hostInfo serverBuildInfo printShardingStatus projection hint
    itcount size map getMongo setReadPref secondaryOk slaveOk print printjson stringify
    tojson connectionStatus getProfilingStatus getProfilingLevel isBalancerRunning
    getBalancerState ObjectId ISODate Date batchSize readPref maxTimeMS collation
    getShardDistribution latencyStats hasNext next forEach
    """
) - {"map", "forEach"}
DESTROYS = lazy.pattern(
    r"\.(?:drop(?:Database|Index|Indexes|User|Role|AllUsersFromDatabase)?|remove|delete(?:One|Many)|"
    r"findOneAndDelete|findAndModify|convertToCapped)\s*\(|dropDatabase|[\"']?(?:drop|delete)[\"']?\s*:"
)
CHANGES = lazy.pattern(
    r"\.(?:insert(?:One|Many)?|update(?:One|Many)?|replaceOne|findOneAnd(?:Update|Replace)|save|"
    r"bulkWrite|create\w*|renameCollection|reIndex|compact|setProfilingLevel|grant\w*|revoke\w*|"
    r"stepDown|freeze|add\w*|reconfig|initiate|killOp|shutdownServer|fsyncLock|fsyncUnlock|"
    r"setBalancerState|startBalancer|stopBalancer|enableSharding|shardCollection|moveChunk)\s*\("
)
CALL = lazy.pattern(r"([A-Za-z_$][\w$]*)\s*\(")
STRINGS = lazy.pattern(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
PROGRAM = lazy.pattern(
    r"=>|\bfunction\b|\beval\b|\]\s*\(|`|(?<![=!<>])=(?!=)|\bload\b|\$where|\$function|\$out|\$merge"
)
CONSOLE = lazy.pattern(
    r"\s*(?:show\s+(?:dbs|databases|collections|tables|users|roles|profile|logs)|use\s+\w+|quit|exit|help)\s*;?\s*"
)
ADMIN_READS = lazy.pattern(
    r"(?:run|admin)Command\(\s*\{?\s*[\"']?(?:ping|serverStatus|replSetGetStatus|listDatabases|dbStats|"
    r"buildInfo|hostInfo|isMaster|hello|currentOp|collStats|connectionStatus|getParameter|"
    r"listCollections|getCmdLineOpts|top|replSetGetConfig|getLog)\b[^;]*"
)


def verdict(text: str) -> judging.Verdict:
    """What a mongo shell snippet does; anything that is a program stays unknown."""
    if not text.strip() or text.strip() == words.HOLE:
        return judging.unknown("what it runs is only known when it runs")
    if DESTROYS.search(text):
        return judging.destroy("it removes documents, indexes or databases")
    if CHANGES.search(text):
        disruptive = (
            (model.Trait.DISRUPTIVE,) if re.search(r"stepDown|shutdown|killOp", text) else ()
        )
        return judging.change("it changes the database", *disruptive)
    if CONSOLE.fullmatch(text):
        return judging.read("it only shows")
    if PROGRAM.search(
        STRINGS.sub(lambda each: each[0].strip("\"'") if "$" in each[0] else "''", text)
    ):
        return judging.unknown("it is a program that Midwatch cannot read")
    rest = ADMIN_READS.sub("ping(", text)
    calls = CALL.findall(STRINGS.sub("''", rest))
    strange = [call for call in calls if call not in READS]
    if strange:
        return judging.unknown(f"what {strange[0]}() does is not known")
    return judging.read("it only calls functions that look")
